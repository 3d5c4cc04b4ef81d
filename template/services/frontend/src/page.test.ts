import { describe, expect, test } from "vitest";
import { type Part, show } from "./page.ts";

const part = (title: string, order: number): Part => ({
  title,
  order,
  mount: (section) => section.append(`This is ${title}.`),
});

describe("the page", () => {
  test("has its parts in their order", () => {
    const main = document.createElement("main");

    show(main, [part("Notifications", 2), part("Users", 1)]);

    const sections = [...main.querySelectorAll("section")];
    expect(sections.map((section) => section.textContent)).toEqual([
      "UsersThis is Users.",
      "NotificationsThis is Notifications.",
    ]);
    expect(main.querySelector("aside")).toBeNull();
  });

  test("says what is missing, and how to get it", () => {
    const main = document.createElement("main");

    show(main, [part("Users", 1)]);

    const commands = [...main.querySelectorAll("aside code")];
    expect(commands.map((code) => code.textContent)).toEqual([
      "make add-module name=notifications",
    ]);
  });
});
