import { describe, expect, it } from "@jest/globals";
import { figureColumn, linesOf, padded, table } from "../../../local/terminal/table.ts";

const rows = [
  { name: "switch", seconds: "5", note: "" },
  { name: "stay", seconds: "1200", note: "" },
];

describe("a table", () => {
  it("pads each column to its widest cell, texts to the left and figures to the right", () => {
    const lines = table(rows, [
      figureColumn("s", ({ seconds }) => seconds),
      { heading: "Name of it", cell: ({ name }) => name },
    ]);
    expect(lines).toEqual(["   s  Name of it", "   5  switch", "1200  stay"]);
  });

  it("leaves out what is empty in all rows, and blanks at the end of a line", () => {
    const lines = table(
      rows,
      [
        { heading: "Name", cell: ({ name }) => name },
        { heading: "Note", cell: ({ note }) => note },
        { heading: "Left", cell: ({ name }) => (name === "stay" ? "" : "yes") },
      ],
      "  ",
    );
    expect(lines).toEqual(["  Name    Left", "  switch  yes", "  stay"]);
  });

  it("of no rows has no lines", () => {
    expect(table([], [{ heading: "Name", cell: String }])).toEqual([]);
  });
});

describe("columns", () => {
  it("are padded to a least width", () => {
    expect(padded(["a", "bb"], { least: 3 })).toEqual(["a  ", "bb "]);
    expect(padded(["a", "bb"], { align: "right" })).toEqual([" a", "bb"]);
    expect(padded([])).toEqual([]);
  });

  it("become lines", () => {
    const columns = [
      ["a", "b"],
      ["c", "d"],
    ];
    expect(linesOf(columns, " | ")).toEqual(["a | c", "b | d"]);
    expect(linesOf([], " | ")).toEqual([]);
  });
});
