import { describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import type { Line } from "../../../local/narration/line.ts";
import { foldSweeps } from "../../../local/narration/sweep-lines.ts";

const swept = { kind: "SWEPT", targets: 3, judged: 3, started: 1, unfinished: 0, failed: 0 };

const told = async (answers: readonly unknown[]): Promise<readonly Line[]> => {
  const clock = new VirtualClock(0);
  const lines: Line[] = [];
  const hear = foldSweeps(clock, (line) => lines.push(line));
  answers.forEach((answer, index) => {
    clock.schedule(index * 1000, () => {
      hear(answer);
    });
  });
  await clock.run();
  return lines;
};

describe("a sweep", () => {
  it("is told in one line, of all places together", async () => {
    const other = { ...swept, targets: 2, judged: 1, started: 0, unfinished: 1, failed: 1 };
    expect(await told([swept, other])).toEqual([
      expect.objectContaining({
        atMs: 30_000,
        tone: "warning",
        sentence: "4 of 5 targets judged, 1 evaluation started, 1 waiting for a person, 1 failed.",
      }),
    ]);
  });

  it("is not told where there is nothing to be swept, or another one is at work", async () => {
    expect(await told([{ ...swept, targets: 0 }, { kind: "BUSY" }, undefined])).toEqual([]);
  });
});
