/** Which operations of the services the wire speaks: read from the SDK's clients, loaded when first asked for. */
import type { StaticOperationSchema } from "@smithy/types";
import { services, type Protocol, type ServiceFacts, type ServiceId } from "./services.ts";
import { type Shape, type Slot, shapeOf } from "./shape.ts";

export interface Operation {
  readonly name: string;
  readonly schema: StaticOperationSchema;
  readonly input: Shape;
  readonly output: Shape;
  /** REST only. */
  readonly http:
    { readonly method: string; readonly path: string; readonly status: number } | undefined;
}

export interface ServiceModel extends ServiceFacts {
  readonly service: ServiceId;
  readonly operations: ReadonlyMap<string, Operation>;
  /** From an error's code on the wire (`TargetGroupNotFound`) to what the SDK's schema says about it, and by its schema's name. */
  readonly errors: ReadonlyMap<string, ModelledError>;
}

interface ModelledError {
  readonly code: string;
  /** The schema's name: what JSON protocols send as the type. */
  readonly name: string;
  readonly status: number | undefined;
}

export const serviceIds = Object.keys(services) as readonly ServiceId[];

/** By the name for which a request is signed; where several services share it, by the version that the request asks for. */
export const serviceSignedAs = (
  name: string,
  version: () => string | null,
): ServiceId | undefined => {
  const signed = serviceIds.filter((service) => (services[service].signedAs ?? service) === name);
  if (signed.length < 2) return signed[0];
  const wanted = version();
  return signed.find((service) => services[service].version === wanted) ?? signed[0];
};

/** Of a query request that carries no signature: the API version tells the service. */
export const serviceOfVersion = (version: string): ServiceId | undefined =>
  serviceIds.find((service) => services[service].version === version);

export const serviceOfTarget = (target: string): ServiceId | undefined =>
  serviceIds.find((service) => services[service].target === target);

export const serviceOfNamespace = (namespace: string): ServiceId | undefined =>
  serviceIds.find((service) => services[service].namespace === namespace);

export const protocolOf = (service: ServiceId): Protocol => services[service].protocol;

const loaded = new Map<ServiceId, Promise<ServiceModel>>();

/** The model of a service: the SDK's client is loaded at the first call. */
export const modelOf = (service: ServiceId): Promise<ServiceModel> => {
  const known = loaded.get(service);
  if (known !== undefined) return known;
  const model = load(service);
  loaded.set(service, model);
  return model;
};

/** Loads all of them: from then on a call takes no turn more than another, whichever service was called first. */
export const loadModels = async (): Promise<void> => {
  await Promise.all(serviceIds.map(modelOf));
};

const load = async (service: ServiceId): Promise<ServiceModel> => {
  const { load: loadClient, ...source } = services[service];
  const exported: readonly unknown[] = Object.values(await loadClient());
  const operations = exported.filter(isOperationSchema).map(operationOf);
  const errors = exported.filter(isErrorSchema).map(errorOf);
  return {
    service,
    ...source,
    operations: new Map(
      operations
        .filter((operation) => isSpoken(operation, source.protocol))
        .map((operation) => [operation.name, operation]),
    ),
    errors: new Map(
      errors.flatMap((error) => [
        [error.name, error],
        [error.code, error],
      ]),
    ),
  };
};

/** Does a REST request say something in its body? */
export const hasBody = ({ input }: Operation): boolean =>
  [...input.members.values()].some(
    ({ traits }) =>
      !traits.httpLabel && traits.httpQuery === undefined && traits.httpHeader === undefined,
  );

/** The member that is the body itself, as the payload of Lambda's Invoke; undefined where the body holds members. */
export const payloadOf = ({ members }: Shape): Slot | undefined =>
  [...members.values()].find(({ traits }) => traits.httpPayload);

/** Streams and events are not, and of what stands in headers text alone. */
const isSpokenSlot = ({ traits, shape }: Slot): boolean =>
  (!traits.httpPayload || (shape.kind === "blob" && !traits.streaming)) &&
  (traits.httpHeader === undefined || shape.kind === "string") &&
  traits.httpPrefixHeaders === undefined;

/** Nor is what a request says in XML: of a service that speaks it our functions only read. */
const isSpoken = (operation: Operation, protocol: Protocol): boolean =>
  [...operation.input.members.values(), ...operation.output.members.values()].every(isSpokenSlot) &&
  (protocol !== "restXml" || !isSaidInXml(operation));

const isSaidInXml = (operation: Operation): boolean =>
  hasBody(operation) ||
  [...operation.input.members.values(), ...operation.output.members.values()].some(
    ({ traits }) => traits.httpPayload || traits.httpHeader !== undefined,
  );

/** Kinds of the SDK's static schemas: an operation is 9, an error −3 (`@smithy/types`, static-schemas). */
const isOperationSchema = (value: unknown): value is StaticOperationSchema =>
  Array.isArray(value) && value[0] === 9;

type ErrorSchema = readonly [-3, string, string, unknown, ...unknown[]];

const isErrorSchema = (value: unknown): value is ErrorSchema =>
  Array.isArray(value) && value[0] === -3;

const errorOf = (schema: ErrorSchema): ModelledError => {
  const traits = (typeof schema[3] === "object" ? schema[3] : {}) as {
    readonly httpError?: number;
    readonly awsQueryError?: readonly [string, number];
  };
  const [code, status] = traits.awsQueryError ?? [schema[2], traits.httpError];
  return { name: schema[2], code, status };
};

const operationOf = (schema: StaticOperationSchema): Operation => {
  const [, , name, traits, input, output] = schema;
  const http = typeof traits === "object" ? traits.http : undefined;
  return {
    name,
    schema,
    input: shapeOf(input),
    output: shapeOf(output),
    http: http && { method: http[0], path: http[1], status: http[2] },
  };
};
