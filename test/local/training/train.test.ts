import { describe, expect, it } from "@jest/globals";
import { fileModel } from "../../../core/risk/file-model.ts";
import { parseModelFile } from "../../../core/risk/model-file.ts";
import { chooseGroups } from "../../../local/training/choose.ts";
import { modelText } from "../../../local/training/model-text.ts";
import { trainingJson, trainingReport } from "../../../local/training/report.ts";
import { evenWeights, samplesOf } from "../../../local/training/samples.ts";
import { sourceOf } from "../../../local/training/sources.ts";
import { termGroups } from "../../../local/training/terms.ts";
import { modelHours } from "../../../local/training/examples.ts";
import { train } from "../../../local/training/train.ts";
import { burstyMarket, marketOf } from "./market-sample.ts";

const bursty = (name: string, seed: number) =>
  sourceOf({ name, kind: "trace" }, [burstyMarket(name, seed)]);

const sources = [bursty("one", 1), bursty("two", 20), bursty("three", 300)];
const training = train({ version: "sample-1", sources, heldOut: ["three"] });

const scoreOf = (set: string, model: string) =>
  training.scores.find(
    (row) => row.set === set && row.model === model && row.horizonHours === modelHours,
  );

describe("a training", () => {
  it("ends in a valid file that says what it was trained on", () => {
    expect(parseModelFile(JSON.parse(JSON.stringify(training.file)), "sample")).toEqual(
      training.file,
    );
    expect(training.file.trained_on).toMatchObject({
      from: "2023-02-15T07:00:00.000Z",
      to: "2023-02-19T16:00:00.000Z",
      traces: ["one", "two"],
    });
  });

  it("finds that a young streak ends soon, in a trace that it was not fitted on too", () => {
    for (const set of ["one", "two", "three"]) {
      const model = scoreOf(set, "sample-1")?.logLoss ?? NaN;
      expect(model).toBeLessThan(scoreOf(set, "plain-hazard")?.logLoss ?? NaN);
      expect(model).toBeLessThan(scoreOf(set, "base-rate")?.logLoss ?? NaN);
    }
    const { probability } = fileModel(training.file);
    const at = (upStreakHours: number) =>
      probability({ bandMinPercent: 0, bandMaxPercent: 5, isBandKnown: true, upStreakHours }, 1);
    expect(at(0.5)).toBeGreaterThan(2 * at(10));
  });

  it("does not fit what is held out", () => {
    const other = [...sources.slice(0, 2), bursty("three", 4000)];
    const { file } = train({ version: "sample-1", sources: other, heldOut: ["three"] });
    expect(file).toEqual(training.file);
  });

  it("does not fit the later part, but reports on it", () => {
    const cut = sources.map((source) => ({
      ...source,
      examples: source.examples.map((example) =>
        example.part === "report" ? { ...example, isLost: !example.isLost } : example,
      ),
    }));
    const { file } = train({ version: "sample-1", sources: cut, heldOut: ["three"] });
    expect(file.terms).toEqual(training.file.terms);
    expect(file.intercept).toBe(training.file.intercept);
    expect(file.metrics).not.toEqual(training.file.metrics);
  });

  it("writes coefficients and metrics with six digits", () => {
    const { intercept, terms, metrics } = training.file;
    const written = [
      intercept,
      ...terms.flatMap(({ weight, mean, scale }) => [weight, mean, scale]),
      metrics?.brier ?? 0,
    ];
    expect(written).toEqual(written.map((value) => Number(value.toPrecision(6))));
  });

  it("writes the same bytes again, as JSON and as a constant", async () => {
    const again = train({ version: "sample-1", sources, heldOut: ["three"] });
    const target = { root: "/repository", command: ["npm run train"] };
    const json = { ...target, path: "/elsewhere/sample-1.json" };
    const constant = { ...target, path: "/repository/core/risk/models/sample-1.ts" };
    for (const each of [json, constant]) {
      expect(await modelText(again.file, each)).toBe(await modelText(training.file, each));
    }
    expect(JSON.parse(await modelText(training.file, json))).toEqual(training.file);
    const text = await modelText(training.file, constant);
    expect(text).toContain('import type { LogisticFile } from "../model-file.ts";');
    expect(text).toContain("export const sample1: LogisticFile = {");
  });

  it("is told in tables and as JSON", () => {
    const report = trainingReport(training);
    expect(report).toContain("three (held out)");
    expect(report).toMatch(/streak \(log.*kept/);
    expect(JSON.parse(trainingJson(training))).toMatchObject({
      version: "sample-1",
      sets: [{ name: "traces", is_taken: true }],
    });
  });

  it("needs something that isn't held out, a loss to fit, and a start", () => {
    expect(() => train({ version: "m", sources: sources.slice(0, 1), heldOut: ["one"] })).toThrow(
      "All is held out",
    );
    const late = marketOf({ "us-east-1a": `0${"1".repeat(90)}0${"1".repeat(9)}` });
    const calm = sourceOf({ name: "calm", kind: "trace" }, [late]);
    expect(() => train({ version: "m", sources: [calm], heldOut: [] })).toThrow(
      /calm has no loss in its part/,
    );
    const timeless = sources.map(({ name, kind, examples }) => ({ name, kind, examples }));
    expect(() => train({ version: "m", sources: timeless, heldOut: [] })).toThrow(
      "None of the traces states its start",
    );
  });
});

describe("price files beside traces", () => {
  it("are dropped, and reported as held out, where they don't help the traces", () => {
    const inverted = sources[1]?.examples.map((each) => ({ ...each, isLost: !each.isLost })) ?? [];
    const prices = { name: "prices", kind: "prices", examples: inverted } as const;
    const { file, sets, scores } = train({
      version: "m",
      sources: [...sources.slice(0, 1), prices],
      heldOut: [],
    });
    expect(sets.map(({ name }) => name)).toEqual(["traces", "traces and prices"]);
    expect(file.trained_on.traces).toEqual(["one"]);
    expect(scores.find(({ set }) => set === "prices")?.isHeldOut).toBe(true);
  });
});

describe("the choice of groups", () => {
  it("takes none whose values are all one, and none that brings too little", () => {
    const data = { fit: samplesOf(sources, ["fit"]), choose: samplesOf(sources, ["choose"]) };
    const { trials, groups, logLoss, startLogLoss } = chooseGroups(termGroups, data);
    expect(trials.find(({ name }) => name === "price")).toEqual({ name: "price", isKept: false });
    expect(trials.map(({ name }) => name).sort()).toEqual(
      termGroups.map(({ name }) => name).sort(),
    );
    for (const { gain = 0, isKept } of trials) expect(gain >= 0.002).toBe(isKept);
    expect(groups.map(({ name }) => name)).toEqual(
      trials.filter(({ isKept }) => isKept).map(({ name }) => name),
    );
    expect(logLoss).toBeLessThan(startLogLoss);
  });
});

describe("the weights of examples", () => {
  it("give each source the same sum and have the mean 1", () => {
    expect([...evenWeights([1, 3, 0])]).toEqual([2, 2 / 3, 2 / 3, 2 / 3]);
  });
});
