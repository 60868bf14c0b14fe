/** Rows in order: none last whichever way, and rows alike keep their places. */
import { describe, expect, it } from "@jest/globals";
import { sortedBy, type Direction, type SortKey } from "../../console/ui/sort.ts";

interface Row {
  readonly id: string;
  readonly value: SortKey;
}

const ids = (rows: readonly Row[], direction: Direction): string =>
  sortedBy(rows, { key: ({ value }) => value, direction, id: ({ id }) => id })
    .map(({ id }) => id)
    .join("");

describe("rows of the console", () => {
  const figures = [
    { id: "a", value: 3 },
    { id: "b", value: null },
    { id: "c", value: -1 },
    { id: "d", value: undefined },
    { id: "e", value: 20 },
  ];

  it("are in the order of their figures, those without one last in both directions", () => {
    expect(ids(figures, "ascending")).toBe("caebd");
    expect(ids(figures, "descending")).toBe("eacbd");
  });

  it("are in the order of their words, numbers in them by their value", () => {
    const names = [
      { id: "a", value: "web-10" },
      { id: "b", value: "web-9" },
      { id: "c", value: "API" },
    ];
    expect(ids(names, "ascending")).toBe("cba");
  });

  it("are in the order of their ids where they are alike, so that they keep their places", () => {
    const alike = ["c", "a", "b"].map((id) => ({ id, value: 1 }));
    expect([ids(alike, "ascending"), ids(alike, "descending")]).toEqual(["abc", "abc"]);
  });
});
