/** The smallest ONNX models, written byte by byte in protobuf (onnx.proto3, IR version 8, opset 13). */

type Bytes = readonly number[];

const varint = (value: number): Bytes =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];

/** Wire type 2: a length, then the bytes. */
const block = (field: number, bytes: Bytes): Bytes => [
  ...varint(field * 8 + 2),
  ...varint(bytes.length),
  ...bytes,
];

/** Wire type 0. */
const integer = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)];

const text = (field: number, value: string): Bytes => block(field, [...Buffer.from(value)]);

const float32 = 1;

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9. */
const tensor = (name: string, dims: readonly number[], values: readonly number[]): Bytes => [
  ...dims.flatMap((size) => integer(1, size)),
  ...integer(2, float32),
  ...text(8, name),
  ...block(9, [...new Uint8Array(Float32Array.from(values).buffer)]),
];

/** ValueInfoProto of a float tensor: name 1, type 2; a dimension is a size (1) or a name (2). */
const value = (name: string, dims: readonly (number | string)[]): Bytes => {
  const shape = dims.flatMap((dim) =>
    block(1, typeof dim === "number" ? integer(1, dim) : text(2, dim)),
  );
  return [...text(1, name), ...block(2, block(1, [...integer(1, float32), ...block(2, shape)]))];
};

/** NodeProto: input 1, output 2, op_type 4. */
const node = (operator: string, inputs: readonly string[], output: string): Bytes => [
  ...inputs.flatMap((name) => text(1, name)),
  ...text(2, output),
  ...text(4, operator),
];

interface Graph {
  readonly nodes: readonly Bytes[];
  readonly constants: readonly Bytes[];
  readonly inputs: readonly Bytes[];
  readonly outputs: readonly Bytes[];
}

/** ModelProto: ir_version 1, graph 7, opset_import 8. GraphProto: node 1, name 2, initializer 5, input 11, output 12. */
const model = ({ nodes, constants, inputs, outputs }: Graph): Uint8Array =>
  Uint8Array.from([
    ...integer(1, 8),
    ...block(7, [
      ...nodes.flatMap((bytes) => block(1, bytes)),
      ...text(2, "g"),
      ...constants.flatMap((bytes) => block(5, bytes)),
      ...inputs.flatMap((bytes) => block(11, bytes)),
      ...outputs.flatMap((bytes) => block(12, bytes)),
    ]),
    ...block(8, [...text(1, ""), ...integer(2, 13)]),
  ]);

/**
 * Sigmoid(x · weights + bias), one output of shape [n, columns]. Unknown values (NaN) count as 0.
 * `weights` row by row: one row per feature, one number per column.
 */
export const logisticOnnx = (
  weights: readonly (readonly number[])[],
  bias: readonly number[],
): Uint8Array => {
  const columns = bias.length;
  return model({
    nodes: [
      node("IsNaN", ["x"], "unknown"),
      node("Where", ["unknown", "zero", "x"], "known"),
      node("MatMul", ["known", "w"], "product"),
      node("Add", ["product", "b"], "margin"),
      node("Sigmoid", ["margin"], "p"),
    ],
    constants: [
      tensor("zero", [1], [0]),
      tensor("w", [weights.length, columns], weights.flat()),
      tensor("b", [columns], bias),
    ],
    inputs: [value("x", ["n", weights.length])],
    outputs: [value("p", ["n", columns])],
  });
};

/** Gives its input back: no probability, unless the input is one. */
export const identityOnnx = (features: number): Uint8Array =>
  model({
    nodes: [node("Identity", ["x"], "y")],
    constants: [],
    inputs: [value("x", ["n", features])],
    outputs: [value("y", ["n", features])],
  });

/** The mean of each row, as [n]. */
export const flatOnnx = (features: number): Uint8Array =>
  model({
    nodes: [node("MatMul", ["x", "w"], "p")],
    constants: [tensor("w", [features], Array<number>(features).fill(1 / features))],
    inputs: [value("x", ["n", features])],
    outputs: [value("p", ["n"])],
  });

/** Wants two inputs. */
export const twoInputsOnnx = (): Uint8Array =>
  model({
    nodes: [node("Add", ["x", "y"], "z")],
    constants: [],
    inputs: [value("x", ["n", 1]), value("y", ["n", 1])],
    outputs: [value("z", ["n", 1])],
  });

/** Gives two tensors of floats. */
export const twoOutputsOnnx = (): Uint8Array =>
  model({
    nodes: [node("Sigmoid", ["x"], "y"), node("Identity", ["x"], "z")],
    constants: [],
    inputs: [value("x", ["n", 1])],
    outputs: [value("y", ["n", 1]), value("z", ["n", 1])],
  });
