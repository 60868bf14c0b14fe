/** Encodes a handler's output: envelopes are synthetic schemas given to the SDK's own serialisers. */
import { XmlShapeSerializer } from "@aws-sdk/core/protocols";
import { JsonCodec2 } from "@smithy/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import type { $SchemaRef, StaticStructureSchema } from "@smithy/types";
import type { WireResponse } from "./messages.ts";
import { payloadOf, type Operation, type ServiceModel } from "../schemas/model.ts";
import { isXml, jsonTypeOf, type XmlModel } from "./protocols.ts";

/** An operation's output as an answer in the service's protocol. */
export const encodeOutput = (
  { model, operation }: { readonly model: ServiceModel; readonly operation: Operation },
  output: unknown,
  requestId: string,
): WireResponse => {
  const { status, headers, value } = bindToHttp(operation, asRecord(output));
  const [type, body] = isXml(model)
    ? ["text/xml;charset=UTF-8", writeXml({ model, operation }, value, requestId)]
    : [jsonTypeOf(model), writeJson({ model, operation }, value)];
  return {
    status,
    headers: { ...headers, "x-amzn-requestid": requestId, "content-type": type },
    body,
  };
};

/** What of an answer is its status, what stands in headers, and the rest, which is its body. */
const bindToHttp = ({ http, output }: Operation, answer: Readonly<Record<string, unknown>>) => {
  let status = http?.status ?? 200;
  const headers: Record<string, string> = {};
  const value: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(answer)) {
    const { httpHeader, httpResponseCode } = output.members.get(name)?.traits ?? {};
    if (httpResponseCode) status = Number(given);
    else if (httpHeader !== undefined) headers[httpHeader.toLowerCase()] = String(given);
    else value[name] = given;
  }
  return { status, headers, value };
};

const asRecord = (output: unknown): Readonly<Record<string, unknown>> =>
  typeof output === "object" && output !== null ? (output as Record<string, unknown>) : {};

/** Codes of `@smithy/types` static schemas: a structure is 3, text 0, a boolean 2. */
const structureId = 3;
const text = 0;
const boolean = 2;

const envelopes = new WeakMap<Operation, StaticStructureSchema>();

const envelopeOf = (model: XmlModel, operation: Operation): StaticStructureSchema => {
  const known = envelopes.get(operation);
  if (known !== undefined) return known;
  const envelope = envelopeIn[model.protocol](operation);
  envelopes.set(operation, envelope);
  return envelope;
};

/** `<RunInstancesResponse><requestId/>…members…</RunInstancesResponse>`; without members `<return>true</return>`. */
const ec2Envelope = ({ name, schema, output }: Operation): StaticStructureSchema => {
  const members = output.kind === "unit" ? undefined : membersOf(schema[5]);
  return structure(
    `${name}Response`,
    members === undefined
      ? [
          ["requestId", text],
          ["return", boolean],
        ]
      : [["requestId", text], ...members],
  );
};

/** `<AssumeRoleResponse><AssumeRoleResult>…</AssumeRoleResult><ResponseMetadata/></AssumeRoleResponse>` */
const queryEnvelope = ({ name, schema, output }: Operation): StaticStructureSchema => {
  const metadata: Member = [
    "ResponseMetadata",
    [structure("ResponseMetadata", [["RequestId", text]]), 0],
  ];
  const members = output.kind === "unit" ? undefined : membersOf(schema[5]);
  if (members === undefined) return structure(`${name}Response`, [metadata]);
  const result = structure(`${name}Result`, members);
  return structure(`${name}Response`, [[`${name}Result`, [result, 0]], metadata]);
};

/** `<ListHostedZonesResponse>…members…</ListHostedZonesResponse>` */
const restEnvelope = ({ name, schema, output }: Operation): StaticStructureSchema =>
  structure(`${name}Response`, output.kind === "unit" ? [] : membersOf(schema[5]));

const envelopeIn = {
  ec2Query: ec2Envelope,
  awsQuery: queryEnvelope,
  restXml: restEnvelope,
} as const satisfies Readonly<Record<XmlModel["protocol"], unknown>>;

/** What stands in the envelope. */
const contentIn = {
  ec2Query: ({ output }, value, requestId) => ({
    requestId,
    ...(output.kind === "unit" && { return: true }),
    ...value,
  }),
  awsQuery: ({ name, output }, value, requestId) => ({
    ...(output.kind !== "unit" && { [`${name}Result`]: value }),
    ResponseMetadata: { RequestId: requestId },
  }),
  restXml: (_operation, value) => value,
} as const satisfies Readonly<
  Record<
    XmlModel["protocol"],
    (
      operation: Operation,
      value: Readonly<Record<string, unknown>>,
      requestId: string,
    ) => Readonly<Record<string, unknown>>
  >
>;

type Member = readonly [name: string, schema: $SchemaRef];

const membersOf = (reference: $SchemaRef): readonly Member[] => {
  const raw = NormalizedSchema.of(reference).getSchema() as StaticStructureSchema;
  return raw[4].map((name, index) => [name, raw[5][index] ?? text]);
};

const structure = (name: string, members: readonly Member[]): StaticStructureSchema => [
  structureId,
  "local.envelope",
  name,
  0,
  members.map(([member]) => member),
  members.map(([, schema]) => schema),
];

const serializers = new Map<string, XmlShapeSerializer>();

const serializerOf = ({ xmlNamespace, service }: ServiceModel): XmlShapeSerializer => {
  const known = serializers.get(xmlNamespace);
  if (known !== undefined) return known;
  const serializer = new XmlShapeSerializer({
    // 5: ISO 8601 unless a member's own trait says otherwise.
    timestampFormat: { useTrait: true, default: 5 },
    httpBindings: false,
    xmlNamespace,
    serviceNamespace: `com.amazonaws.${service}`,
  });
  serializers.set(xmlNamespace, serializer);
  return serializer;
};

const writeXml = (
  { model, operation }: { readonly model: XmlModel; readonly operation: Operation },
  value: Readonly<Record<string, unknown>>,
  requestId: string,
): string => {
  const serializer = serializerOf(model);
  const content = contentIn[model.protocol](operation, value, requestId);
  serializer.write(envelopeOf(model, operation), content);
  const written = serializer.flush();
  return typeof written === "string" ? written : new TextDecoder().decode(written);
};

/** 7: seconds since the epoch. REST alone renames members (`jsonName`). */
const timestampFormat = { useTrait: true, default: 7 } as const;
const rpcJson = new JsonCodec2({ timestampFormat, jsonName: false });
const restJson = new JsonCodec2({ timestampFormat, jsonName: true });

const writeJson = (
  { model, operation }: { readonly model: ServiceModel; readonly operation: Operation },
  value: Readonly<Record<string, unknown>>,
): Uint8Array | string => {
  if (operation.output.kind === "unit") return "{}";
  const payload = payloadOf(operation.output);
  if (payload !== undefined) return (value[payload.name] as Uint8Array | undefined) ?? "";
  const serializer = (model.protocol === "restJson" ? restJson : rpcJson).createSerializer();
  serializer.write(NormalizedSchema.of(operation.schema[5]), value);
  const written: unknown = serializer.flush();
  return written instanceof Uint8Array || typeof written === "string" ? written : "{}";
};
