import { describe, expect, it } from "@jest/globals";
import { nodeHarms } from "../../../local/lab/node-harm.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { declaredInAccount, declaredInCluster, spell } from "./call-matrix.ts";
import { recorded, testHarms } from "./failing-days.ts";

describe("the matrix of calls and harms", () => {
  it("has a cell for each call that a function may make, on the way and back", () => {
    const cells = new Set(recorded.flatMap((day) => day.cells.map(spell)));
    expect(declaredInAccount.filter((cell) => !cells.has(cell))).toEqual([]);
    expect(declaredInCluster.filter((cell) => !cells.has(cell))).toEqual([]);
    const declared = [...declaredInAccount, ...declaredInCluster];
    expect(
      [...cells].filter((cell) => !declared.includes(cell) && !cell.startsWith("adopting")),
    ).toEqual([]);
  });
});

it.each(recorded)("$name ends without a complaint where nothing is harmed", (day) => {
  expect(complaintsAboutNodes(day.lab, day.ending)).toEqual([]);
});

testHarms(nodeHarms);
