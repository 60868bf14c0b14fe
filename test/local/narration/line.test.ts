import { describe, expect, it } from "@jest/globals";
import { asksForALook, lineJson, lineText, type Line } from "../../../local/narration/line.ts";
import { colourPaint, plainPaint } from "../../../local/terminal/paint.ts";

const decision: Line = {
  atMs: Date.parse("2026-03-02T09:04:22.500Z"),
  topic: "decision",
  subject: { name: "web", id: "i-c5499aa0db7062997" },
  evaluationId: "evl-1",
  word: "Switch",
  reason: "SAVINGS_WORTH_THE_RISK",
  sentence: "m6a.large saves\n74.4 %.",
  monthlyUsd: 52.2,
};

describe("a line of the log", () => {
  it("has time, name and short id, word, reason, sentence and saving", () => {
    expect(lineText(decision, plainPaint)).toBe(
      "2026-03-02 09:04:22  web i-c5499aa0        Switch                     SAVINGS_WORTH_THE_RISK: m6a.large saves 74.4 %. ($52.20 a month, est.)",
    );
  });

  it("does not say a saving twice, nor a name that is the id", () => {
    const sentence = "It saves $52.20 a month.";
    const subject = { name: "shop-web", id: "shop-web" };
    const text = lineText({ ...decision, subject, sentence, topic: "outcome" }, plainPaint);
    expect(text).toMatch(/ {2}shop-web {14}Switch {21}It saves \$52\.20 a month\.$/);
  });

  it("has colour on the word alone, where it is a status", () => {
    const text = lineText({ ...decision, word: "Needs operator", tone: "bad" }, colourPaint);
    expect(text).toContain("\u001b[31mNeeds operator");
  });

  it("is one JSON document for programs", () => {
    expect(JSON.parse(lineJson(decision))).toEqual({
      at: "2026-03-02T09:04:22.500Z",
      type: "decision",
      subject_id: "i-c5499aa0db7062997",
      subject_name: "web",
      evaluation_id: "evl-1",
      word: "Switch",
      reason: "SAVINGS_WORTH_THE_RISK",
      sentence: "m6a.large saves\n74.4 %.",
      monthly_savings_usd: 52.2,
    });
    expect(lineJson(decision)).not.toContain("\n");
  });

  it.each([
    [undefined, false],
    ["good", false],
    ["warning", true],
    ["bad", true],
  ] as const)("of tone %s asks for a look: %s", (...[tone, asks]) => {
    expect(asksForALook({ ...decision, ...(tone === undefined ? {} : { tone }) })).toBe(asks);
  });
});
