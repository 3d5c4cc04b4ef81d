/** The page: every module in `parts/` is a part of it, in the order that the parts ask for. */

import { element } from "./dom.ts";

/** What a module in `parts/` exports. */
export interface Part {
  /** The heading. */
  title: string;
  /** Parts with a lower number stand before those with a higher one. */
  order: number;
  /** Fill the part, and keep it up to date from then on. */
  mount: (section: HTMLElement) => void;
}

/** Parts that a module of the template brings, and what they do. */
const OPTIONAL = [
  { title: "Users", module: "backend", does: "list and register people" },
  { title: "Notifications", module: "notifications", does: "show what happens, as it happens" },
];

/** Fill `main` with the parts, and say which more there could be. */
export function show(main: HTMLElement, parts: readonly Part[]): void {
  const ordered = parts.toSorted((one, other) => one.order - other.order);
  main.replaceChildren(...ordered.map(section));
  const missing = OPTIONAL.filter(({ title }) => !parts.some((part) => part.title === title));
  if (missing.length > 0) {
    main.append(hint(missing));
  }
}

function section(part: Part): HTMLElement {
  const id = `part-${part.order}`;
  const heading = element("h2", { id }, part.title);
  const made = element("section", {}, heading);
  made.setAttribute("aria-labelledby", id);
  part.mount(made);
  return made;
}

function hint(missing: typeof OPTIONAL): HTMLElement {
  const lines = missing.map(({ module, does }) =>
    element("li", {}, `To ${does}: `, element("code", {}, `make add-module name=${module}`)),
  );
  const words = "This page grows with the project.";
  return element("aside", {}, element("p", {}, words), element("ul", {}, ...lines));
}
