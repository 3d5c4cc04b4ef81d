/** The notifications: what is told to whom, as it happens. */

import { element } from "../dom.ts";
import type { NotificationRequest } from "../generated/types.ts";
import { follow, type State } from "../live.ts";

export const title = "Notifications";
export const order = 2;

const MOST = 50;

const STATES: Record<State, string> = {
  connecting: "Connecting…",
  live: "Live",
  waiting: "The connection is lost; trying again…",
};

export function mount(section: HTMLElement): void {
  const connection = element("p", { className: "connection", role: "status" });
  const empty = element("p", { className: "status" }, "Nothing has happened yet.");
  const list = element("ol", { className: "rows" });
  list.setAttribute("aria-live", "polite");
  section.append(connection, empty, list);

  const rows = new Map<number, HTMLLIElement>();
  const add = (request: NotificationRequest) => {
    if (rows.has(request.id)) {
      return; // published twice
    }
    const made = row(request);
    rows.set(request.id, made);
    list.prepend(made);
    empty.hidden = true;
    for (const id of [...rows.keys()].slice(0, -MOST)) {
      rows.get(id)?.remove();
      rows.delete(id);
    }
  };
  const mark = (id: number, state: string) => {
    const badge = rows.get(id)?.querySelector(".badge");
    if (badge) {
      badge.textContent = state;
      badge.classList.add(state);
    }
  };

  follow("/api/notifications/notifications/live", {
    events: {
      "notification.requested": add,
      "notification.sent": (receipt) => mark(receipt.id, "sent"),
    },
    onState: (state) => {
      connection.textContent = STATES[state];
      connection.dataset.state = state;
    },
  });
}

function row(request: NotificationRequest): HTMLLIElement {
  const recipient =
    request.recipient == null ? "nobody in particular" : `Telegram ${request.recipient}`;
  return element(
    "li",
    {},
    element("strong", {}, request.text),
    element("span", {}, `to ${recipient}`),
    element("span", { className: "badge" }, "requested"),
  );
}
