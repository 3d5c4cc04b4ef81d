/** The users: lists them, and registers new ones. */

import { element, time } from "../dom.ts";
import { BackendClient } from "../generated/clients/backend.ts";
import type { UserRead } from "../generated/types.ts";

export const title = "Users";
export const order = 1;

const PAGE = 50;

export function mount(section: HTMLElement, backend = new BackendClient()): void {
  const status = element("p", { className: "status", role: "status" });
  const list = element("ul", { className: "rows" });
  const more = element("button", { type: "button", hidden: true }, "Show more");
  let cursor: string | null = null;

  const showPage = async () => {
    more.disabled = true;
    try {
      const page = await backend.listUsers({ cursor, limit: PAGE });
      list.append(...page.items.map(row));
      cursor = page.next_cursor;
      more.hidden = cursor === null;
      status.textContent = list.childElementCount ? "" : "Nobody is registered yet.";
    } catch (error) {
      more.hidden = false;
      status.textContent = `The users cannot be shown: ${words(error)}`;
    }
    more.disabled = false;
  };

  const registered = (user: UserRead) => {
    status.textContent = `${user.name} is registered.`;
    // Further pages end with the newest, so only a complete list goes on here.
    if (more.hidden) {
      list.append(row(user));
    }
  };

  more.addEventListener("click", showPage);
  section.append(form(backend, registered), status, list, more);
  void showPage();
}

function form(backend: BackendClient, registered: (user: UserRead) => void): HTMLFormElement {
  const name = element("input", { name: "name", required: true, maxLength: 200 });
  const email = element("input", { name: "email", type: "email", required: true });
  name.autocomplete = "name";
  email.autocomplete = "email";
  const submit = element("button", { type: "submit" }, "Register");
  const refusal = element("p", { className: "error", role: "alert" });
  const made = element("form", {}, field("Name", name), field("Email", email), submit, refusal);

  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    refusal.textContent = "";
    try {
      const payload = { name: name.value, email: email.value };
      registered(await backend.createUser({ payload }));
      made.reset();
      name.focus();
    } catch (error) {
      refusal.textContent = words(error);
    }
    submit.disabled = false;
  });
  return made;
}

function field(label: string, input: HTMLInputElement): HTMLLabelElement {
  return element("label", {}, element("span", {}, label), input);
}

function row(user: UserRead): HTMLLIElement {
  const contact = user.email ?? "on Telegram";
  return element(
    "li",
    {},
    element("strong", {}, user.name),
    element("span", {}, contact),
    time(new Date(user.created_at)),
  );
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
