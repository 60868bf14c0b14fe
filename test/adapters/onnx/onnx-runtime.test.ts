import { describe, expect, it } from "@jest/globals";
import { runOnnx } from "../../../adapters/onnx/onnx-runtime.ts";
import { logistic } from "../../../core/risk/logistic.ts";
import {
  flatOnnx,
  identityOnnx,
  logisticOnnx,
  twoInputsOnnx,
  twoOutputsOnnx,
} from "./onnx-bytes.ts";

const ask = (model: Uint8Array, rows: readonly (readonly (number | undefined)[])[]) =>
  runOnnx({ version: "onnx-1", model, rows });

describe("runOnnx", () => {
  it("gives a probability per row of [n, 1], an unknown value as NaN", async () => {
    const answers = await ask(logisticOnnx([[1], [2]], [-1]), [
      [0.5, 0.25],
      [undefined, 1],
    ]);
    expect(answers).toEqual([expect.closeTo(0.5, 6), expect.closeTo(logistic(1), 6)]);
  });

  it("takes the last column of [n, 2]: the positive class", async () => {
    const [answer] = await ask(logisticOnnx([[-3, 3]], [0, 0]), [[1]]);
    expect(answer).toBeCloseTo(logistic(3), 6);
  });

  it("takes [n]", async () => {
    expect(await ask(flatOnnx(2), [[0.25, 0.75]])).toEqual([0.5]);
  });

  it("doesn't load anything for no rows", async () => {
    expect(await ask(Uint8Array.from([1]), [])).toEqual([]);
  });

  it.each([
    ["bytes that are not a model", Uint8Array.from([1, 2, 3]), [[1]], "does not run"],
    ["more features than it takes", logisticOnnx([[1]], [0]), [[1, 2]], "does not run"],
    ["another shape", identityOnnx(3), [[0, 0, 0]], "gives [1, 3] for 1 rows"],
    ["a number over 1", identityOnnx(1), [[1.5]], "gives 1.5 for row 0"],
    ["no number", identityOnnx(1), [[0.5], [undefined]], "gives NaN for row 1"],
    ["two inputs", twoInputsOnnx(), [[1]], "must have one input, and has 2"],
    ["two outputs", twoOutputsOnnx(), [[1]], "must have one output of floats, and has 2"],
  ])("refuses %s by our error, naming the version", async (_what, model, rows, message) => {
    await expect(ask(model, rows)).rejects.toMatchObject({
      name: "BrokenModel",
      resource: "onnx-1",
      message: expect.stringContaining(message),
    });
  });
});
