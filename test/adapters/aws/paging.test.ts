import { describe, expect, it } from "@jest/globals";
import { readAllPages } from "../../../adapters/aws/paging.ts";

interface Page {
  readonly items?: readonly number[];
  readonly next?: string;
}

const read = (pages: Readonly<Record<string, Page>>): Promise<number[]> =>
  readAllPages<Page, number>({
    fetch: (token) => Promise.resolve(pages[token ?? "first"] ?? {}),
    items: (page) => page.items,
    next: (page) => page.next,
  });

describe("pages are read to the end", () => {
  it.each([
    ["a missing token", undefined],
    ["an empty token", ""],
  ])("%s ends them", async (_what, last) => {
    const end = last === undefined ? {} : { next: last };
    await expect(
      read({
        first: { items: [1], next: "a" },
        a: { items: [2], next: "b" },
        b: { items: [3], ...end },
      }),
    ).resolves.toEqual([1, 2, 3]);
  });

  it("an empty page in the middle does not end them", async () => {
    await expect(
      read({ first: { items: [1], next: "a" }, a: { next: "b" }, b: { items: [2] } }),
    ).resolves.toEqual([1, 2]);
  });

  it("a token that comes back twice in a row is refused", async () => {
    await expect(read({ first: { next: "a" }, a: { next: "a" } })).rejects.toMatchObject({
      name: "BrokenFacts",
    });
  });
});
