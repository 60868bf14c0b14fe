/** Every risk model by its version, built in or registered: the one way to one, for evaluations and for replays. */
import { runOnnx } from "../../adapters/onnx/onnx-runtime.ts";
import { getModel, loadModelFile } from "../../adapters/store/models.ts";
import type { Table } from "../../adapters/store/table.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { fileModel } from "../../core/risk/file-model.ts";
import type { OnnxFile } from "../../core/risk/model-file.ts";
import type { RiskModel } from "../../core/risk/model.ts";
import type { RiskQuestions } from "../../core/risk/predict.ts";
import { riskModels } from "../../core/risk/registry.ts";
import { rowModel, rowsToAsk } from "../../core/risk/row-model.ts";

/** Core waits for nothing, so all answers are computed beforehand. @throws BrokenModel */
export const onnxModel = async (file: OnnxFile, questions: RiskQuestions): Promise<RiskModel> => {
  const rows = rowsToAsk(file, questions);
  const answers = await runOnnx({
    version: file.version,
    model: Buffer.from(file.onnx_base64, "base64"),
    rows,
  });
  return rowModel(file, { rows, answers });
};

/**
 * The model, which answers at least these questions. Whether it may judge is for the caller to ask
 * (model-standing.ts): a replay asks archived ones too.
 * @throws BrokenModel naming the version if it is unknown, not readable, or does not run; BrokenFacts
 */
export const loadRiskModel = async (
  table: Table,
  version: string,
  questions: RiskQuestions,
): Promise<RiskModel> => {
  const builtIn = riskModels.get(version);
  if (builtIn !== undefined) return builtIn;
  const stored = await getModel(table, version);
  if (stored === undefined) {
    throw new SpotOptimizerError("BrokenModel", `There is no risk model ${version}.`, {
      resource: version,
      nextStep: "name one that GET /models lists.",
    });
  }
  const file = await loadModelFile(table, stored);
  return file.kind === "onnx" ? onnxModel(file, questions) : fileModel(file);
};
