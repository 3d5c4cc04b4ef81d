/** Events as they happen: server-sent events that survive a service that is gone for a while. */

import type { EventMap } from "./generated/types.ts";

export type State = "connecting" | "live" | "waiting";

/** What is called for which event, with the message that it carries. */
export type Handlers = { [Name in keyof EventMap]?: (message: EventMap[Name]) => void };

interface Options {
  events: Handlers;
  onState?: (state: State) => void;
}

const SHORTEST = 500; // milliseconds
const LONGEST = 10_000;

/**
 * Follow the events of a feed, until the function that is returned is called.
 *
 * A browser goes back to a feed by itself as long as somebody answers there. When that is a proxy whose service is
 * gone, it gives up; so a new connection is made here, which begins behind the last event that was seen.
 */
export function follow(url: string, { events, onState = () => {} }: Options): () => void {
  let source: EventSource;
  let seen = "";
  let delay = SHORTEST;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const connect = () => {
    source = new EventSource(seen ? `${url}?last_event_id=${encodeURIComponent(seen)}` : url);
    source.addEventListener("feed-begin", (event) => {
      seen = event.lastEventId;
      delay = SHORTEST;
      onState("live");
    });
    for (const [name, handle] of Object.entries(events)) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        seen = event.lastEventId;
        (handle as (message: unknown) => void)(JSON.parse(event.data));
      });
    }
    source.addEventListener("error", () => {
      onState("waiting");
      if (source.readyState === EventSource.CLOSED) {
        timer = setTimeout(connect, delay);
        delay = Math.min(delay * 2, LONGEST);
      }
    });
  };

  onState("connecting");
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
