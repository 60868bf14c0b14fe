/** Every output of a session at a wide, a usual and a narrow terminal, and through a pipe. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { committedTranscript, transcriptNames, transcripts } from "./transcripts/transcripts.ts";

describe("a session", () => {
  let made: Awaited<ReturnType<typeof transcripts>>;

  beforeAll(async () => {
    made = await transcripts();
  });

  it.each(transcriptNames)("is told as `npm run transcripts` writes it now: %s", (name) => {
    expect(made[name]).toBe(committedTranscript(name));
  });

  it.each(transcriptNames)("keeps every id whole that a person may copy: %s", (name) => {
    const text = committedTranscript(name);
    expect(text).toContain("<evl 1>");
    // One within a sentence may be cut with it.
    expect(text).not.toMatch(/^<cut>…/m);
  });

  it("has no colours and no cursor moves in a pipe", () => {
    expect(committedTranscript("pipe")).not.toMatch(/\u001b|\r|<\d+>/);
  });
});
