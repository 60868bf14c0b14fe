/**
 * Runs ONNX models: onnxruntime-web, WebAssembly on one thread. The runtime (14 MB) is loaded by the first model
 * that needs it and by nothing else.
 */
import type * as Runtime from "onnxruntime-web/wasm";
import { SpotOptimizerError } from "../../core/errors.ts";

type InferenceSession = Runtime.InferenceSession;
type Tensor = Runtime.Tensor;

export interface OnnxQuestion {
  /** For messages. */
  readonly version: string;
  readonly model: Uint8Array;
  /** All of one length, the number of the model's features; undefined (not known) is passed as NaN. */
  readonly rows: readonly (readonly (number | undefined)[])[];
}

/** Beyond 0…1 by rounding in 32 bits. */
const tolerance = 1e-6;

/** 3 is "error": warnings about a model would go to the function's log as plain text. */
const errorsOnly = 3;

const broken = (version: string, what: string, cause?: unknown): SpotOptimizerError =>
  new SpotOptimizerError("BrokenModel", `The ONNX of risk model ${version} ${what}.`, {
    resource: version,
    nextStep: "register a corrected model under a new version.",
    cause,
  });

/** Rethrows what the runtime says as BrokenModel. */
const translated = async <T>(version: string, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw broken(version, `does not run: ${said}`, error);
  }
};

const loadRuntime = async (): Promise<typeof Runtime> => {
  const runtime = await import("onnxruntime-web/wasm");
  runtime.env.wasm.numThreads = 1;
  return runtime;
};

/** The one float tensor among the outputs: exports of classifiers add the label as an integer. */
const floatOutput = (
  { version }: OnnxQuestion,
  outputs: Runtime.InferenceSession.OnnxValueMapType,
): Tensor => {
  const floats = Object.values(outputs).flatMap((value) =>
    "dims" in value && (value.type === "float32" || value.type === "float64") ? [value] : [],
  );
  const [tensor, ...others] = floats;
  if (tensor !== undefined && others.length === 0) return tensor;
  throw broken(version, `must have one output of floats, and has ${String(floats.length)}`);
};

/** Columns of [n], [n, 1] or [n, 2]; undefined for any other shape. */
const columnsOf = (dims: readonly number[], rows: number): number | undefined => {
  const [first, columns = 1, ...more] = dims;
  return first === rows && more.length === 0 && (columns === 1 || columns === 2)
    ? columns
    : undefined;
};

/** The last column is the positive class. */
const probabilitiesOf = (question: OnnxQuestion, tensor: Tensor): readonly number[] => {
  const { version, rows } = question;
  const columns = columnsOf(tensor.dims, rows.length);
  if (columns === undefined) {
    const shape = tensor.dims.join(", ");
    throw broken(
      version,
      `gives [${shape}] for ${String(rows.length)} rows, not [n], [n, 1], [n, 2]`,
    );
  }
  const values = Array.from(tensor.data as Float32Array | Float64Array, Number);
  return rows.map((_, index) => {
    const value = values[index * columns + columns - 1] ?? Number.NaN;
    if (value >= -tolerance && value <= 1 + tolerance) return Math.min(1, Math.max(0, value));
    throw broken(version, `gives ${String(value)} for row ${String(index)}, not a probability`);
  });
};

const run = async (
  session: InferenceSession,
  question: OnnxQuestion,
  { Tensor: TensorOf }: typeof Runtime,
): Promise<readonly number[]> => {
  const { version, rows } = question;
  const [input, ...others] = session.inputNames;
  if (input === undefined || others.length > 0) {
    throw broken(version, `must have one input, and has ${String(session.inputNames.length)}`);
  }
  const values = Float32Array.from(rows.flat(), (value) => value ?? Number.NaN);
  const tensor = new TensorOf("float32", values, [rows.length, rows[0]?.length ?? 0]);
  const outputs = await translated(version, () => session.run({ [input]: tensor }));
  return probabilitiesOf(question, floatOutput(question, outputs));
};

/**
 * Probabilities, 0…1, one per row. Throws BrokenModel naming the version for a model that doesn't load or run, or
 * whose output is not a probability per row.
 */
export const runOnnx = async (question: OnnxQuestion): Promise<readonly number[]> => {
  if (question.rows.length === 0) return [];
  const runtime = await loadRuntime();
  const session = await translated(question.version, () =>
    runtime.InferenceSession.create(question.model, { logSeverityLevel: errorsOnly }),
  );
  try {
    return await run(session, question, runtime);
  } finally {
    await session.release();
  }
};
