/** Tables at a terminal: cut where that is enough, and laid on several lines where it is not. */
import { describe, expect, it } from "@jest/globals";
import { tableLines, type Column } from "../../../../local/cli/output/layout.ts";

interface Row {
  readonly id: string;
  readonly subject: string;
  readonly down: string;
  readonly why: string;
}

const columns: readonly Column<Row>[] = [
  { heading: "ID", cell: ({ id }) => id },
  { heading: "SUBJECT", cell: ({ subject }) => subject },
  { heading: "DOWN", cell: ({ down }) => down, align: "right" },
  { heading: "WHY", cell: ({ why }) => why, cut: 1 },
];

const rows: readonly Row[] = [
  { id: "evl-1", subject: "i-00000000000000001", down: "5 min", why: "a".repeat(60) },
  { id: "evl-2", subject: "shop-web", down: "", why: "It stays." },
];

const at = (width: number) => tableLines(rows, columns, { width, paint: (_tone, text) => text });

describe("a table", () => {
  it("is a line for each row where cutting a text makes it fit", () => {
    expect(at(45)).toEqual([
      "ID     SUBJECT               DOWN  WHY",
      "evl-1  i-00000000000000001  5 min  aaaaaaaaa…",
      "evl-2  shop-web                 –  It stays.",
    ]);
  });

  it("goes on in a line of its own where even that is too wide, and never wider than the terminal", () => {
    expect(at(40)).toEqual([
      "ID     SUBJECT               DOWN",
      "  WHY",
      "evl-1  i-00000000000000001  5 min",
      `  ${"a".repeat(37)}…`,
      "evl-2  shop-web                 –",
      "  It stays.",
    ]);
    for (const width of [28, 36, 40, 45, 60, 120]) {
      expect(Math.max(...at(width).map((line) => line.length))).toBeLessThanOrEqual(width);
    }
  });
});
