import { type Part, show } from "./page.ts";

const modules = import.meta.glob<Part>(["./parts/*.ts", "!./parts/*.test.ts"], { eager: true });
const main = document.querySelector("main");
if (main) {
  show(main, Object.values(modules));
}
