import { describe, expect, it } from "@jest/globals";
import { parseModelFile } from "../../../core/risk/model-file.ts";
import { logisticSample, onnxSample, treesSample } from "./model-samples.ts";

const [term] = logisticSample.terms;
const [tree] = treesSample.trees;

const withNode = (change: object): object => ({
  ...treesSample,
  trees: [{ nodes: [{ ...tree?.nodes[0], ...change }, { leaf: 0 }, { leaf: 1 }] }],
});

describe("parseModelFile", () => {
  it.each([logisticSample, treesSample, onnxSample])("takes a file of kind $kind", (file) => {
    expect(parseModelFile(structuredClone(file), "risk model x")).toEqual(file);
  });

  it("takes a file without metrics: a candidate needs none", () => {
    const { metrics: _left, ...file } = logisticSample;
    expect(parseModelFile(file, "risk model x")).toEqual(file);
  });

  it.each([
    [{ ...logisticSample, format: "spot-optimizer-risk-model/2" }, "format: "],
    [{ ...logisticSample, version: "Über" }, "version: must be 1 to 64 characters"],
    [{ ...logisticSample, feature_version: "features-0" }, '"features-0"'],
    [{ ...logisticSample, kind: "oracle" }, "kind: "],
    [{ ...logisticSample, horizon_hours: 0 }, "horizon_hours: "],
    [{ ...logisticSample, colour: "red" }, "colour"],
    [
      { ...logisticSample, terms: [term, { ...term, feature: "moon_phase" }] },
      'terms.1.feature: "moon_phase" is not a feature of features-1; known: band_min_percent',
    ],
    [{ ...logisticSample, terms: [{ ...term, missing: undefined }] }, "terms.0.missing: "],
    [{ ...logisticSample, terms: [{ ...term, scale: 0 }] }, "terms.0.scale: "],
    [{ ...logisticSample, terms: [{ ...term, transform: "hinge" }] }, "terms.0.knot: "],
    [{ ...logisticSample, terms: [{ ...term, transform: "cube" }] }, "terms.0.transform: "],
    [
      {
        ...logisticSample,
        trained_on: { ...logisticSample.trained_on, to: "2001-01-01T00:00:00Z" },
      },
      "trained_on.to: is before from",
    ],
    [{ ...treesSample, trees: [] }, "trees: "],
    [withNode({ left: 0 }), "trees.0.nodes.0.left: "],
    [withNode({ right: 3 }), "trees.0.nodes.0.right: must be the index of a later node, 1 to 2"],
    [
      { ...onnxSample, features: ["price_ratio", "price_ratio"] },
      "features: names a feature twice",
    ],
    [{ ...onnxSample, onnx_base64: "no!" }, "onnx_base64: "],
    ["text", "is not valid: "],
  ])("refuses a bad file naming the field (%#)", (file, message) => {
    expect(() => parseModelFile(file, "risk model x")).toThrow(
      expect.objectContaining({
        name: "BrokenModel",
        message: expect.stringContaining(message),
        resource: "risk model x",
      }),
    );
  });
});
