/** What stopping would do to what runs, in a sentence. */
import { describe, expect, it } from "@jest/globals";
import { runningText } from "../../console/shell/running.ts";
import { at, recordOf } from "./records.ts";

const untouched = recordOf({}, { swaps: [] });
const goesBack = recordOf({ frozen_at: at(4), final_image_id: "ami-1" });
const held = recordOf({ frozen_at: at(4), served_from: at(6), final_image_id: "ami-1" });

describe("what runs as somebody is about to stop", () => {
  it.each([
    [[], "No evaluation runs."],
    [[untouched], "1 evaluation runs: 1 has changed nothing and ends."],
    [[goesBack], "1 evaluation runs: 1 rolls back."],
    [
      [goesBack, goesBack, held],
      "3 evaluations run: 2 roll back, 1 has moved its traffic and is held for you.",
    ],
    [
      [untouched, untouched, held, held],
      "4 evaluations run: 2 have changed nothing and end, 2 have moved their traffic and are held for you.",
    ],
  ])("%#: %s", (records, sentence) => {
    expect(runningText(records)).toBe(sentence);
  });
});
