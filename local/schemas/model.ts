/** Which services, protocols and operations the wire speaks: read from the SDK's clients, loaded when first asked for. */
import type { StaticOperationSchema } from "@smithy/types";
import { type Shape, type Slot, shapeOf } from "./shape.ts";

/** A service by its signing name; where two share one, the other goes by a name that we gave it. */
export type ServiceId =
  | "ec2"
  | "sts"
  | "autoscaling"
  | "elasticloadbalancing"
  | "classic-load-balancing"
  | "monitoring"
  | "backup"
  | "cloudformation"
  | "pricing"
  | "resource-groups"
  | "servicequotas"
  | "route53"
  | "kms"
  | "sns"
  | "ssm"
  | "states"
  | "lambda"
  | "eks"
  | "events";

export type Protocol =
  "ec2Query" | "awsQuery" | "awsJson1.0" | "awsJson1.1" | "restJson" | "restXml";

export interface Operation {
  readonly name: string;
  readonly schema: StaticOperationSchema;
  readonly input: Shape;
  readonly output: Shape;
  /** REST only. */
  readonly http:
    { readonly method: string; readonly path: string; readonly status: number } | undefined;
}

export interface ServiceModel {
  readonly service: ServiceId;
  /** Of its schemas in the SDK. */
  readonly namespace: string;
  /** Where requests are signed for another service's name. */
  readonly signedAs?: ServiceId;
  readonly protocol: Protocol;
  /** `Version=` of a query request. */
  readonly version: string;
  /** Namespace of XML answers; empty for JSON. */
  readonly xmlNamespace: string;
  /** What stands before the dot in `X-Amz-Target`. */
  readonly target: string;
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

interface Source extends Omit<ServiceModel, "service" | "operations" | "errors"> {
  readonly load: () => Promise<object>;
}

/** Versions, targets and namespaces as in each client's `protocolSettings`. */
const sources: Readonly<Record<ServiceId, Source>> = {
  ec2: {
    namespace: "com.amazonaws.ec2",
    protocol: "ec2Query",
    version: "2016-11-15",
    xmlNamespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
    target: "AmazonEC2",
    load: () => import("@aws-sdk/client-ec2"),
  },
  sts: {
    namespace: "com.amazonaws.sts",
    protocol: "awsQuery",
    version: "2011-06-15",
    xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    target: "AWSSecurityTokenServiceV20110615",
    load: () => import("@aws-sdk/client-sts"),
  },
  autoscaling: {
    namespace: "com.amazonaws.autoscaling",
    protocol: "awsQuery",
    version: "2011-01-01",
    xmlNamespace: "http://autoscaling.amazonaws.com/doc/2011-01-01/",
    target: "AutoScaling_2011_01_01",
    load: () => import("@aws-sdk/client-auto-scaling"),
  },
  elasticloadbalancing: {
    namespace: "com.amazonaws.elasticloadbalancingv2",
    protocol: "awsQuery",
    version: "2015-12-01",
    xmlNamespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
    target: "ElasticLoadBalancing_v10",
    load: () => import("@aws-sdk/client-elastic-load-balancing-v2"),
  },
  // The same signing name: the version of the request tells the two apart.
  "classic-load-balancing": {
    namespace: "com.amazonaws.elasticloadbalancing",
    signedAs: "elasticloadbalancing",
    protocol: "awsQuery",
    version: "2012-06-01",
    xmlNamespace: "http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/",
    target: "ElasticLoadBalancing_v7",
    load: () => import("@aws-sdk/client-elastic-load-balancing"),
  },
  // CloudWatch.
  monitoring: {
    namespace: "com.amazonaws.cloudwatch",
    protocol: "awsJson1.0",
    version: "2010-08-01",
    xmlNamespace: "",
    target: "GraniteServiceVersion20100801",
    load: () => import("@aws-sdk/client-cloudwatch"),
  },
  backup: {
    namespace: "com.amazonaws.backup",
    protocol: "restJson",
    version: "2018-11-15",
    xmlNamespace: "",
    target: "CryoControllerUserManager",
    load: () => import("@aws-sdk/client-backup"),
  },
  cloudformation: {
    namespace: "com.amazonaws.cloudformation",
    protocol: "awsQuery",
    version: "2010-05-15",
    xmlNamespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/",
    target: "CloudFormation",
    load: () => import("@aws-sdk/client-cloudformation"),
  },
  pricing: {
    namespace: "com.amazonaws.pricing",
    protocol: "awsJson1.1",
    version: "2017-10-15",
    xmlNamespace: "",
    target: "AWSPriceListService",
    load: () => import("@aws-sdk/client-pricing"),
  },
  "resource-groups": {
    namespace: "com.amazonaws.resourcegroups",
    protocol: "restJson",
    version: "2017-11-27",
    xmlNamespace: "",
    target: "Ardi",
    load: () => import("@aws-sdk/client-resource-groups"),
  },
  servicequotas: {
    namespace: "com.amazonaws.servicequotas",
    protocol: "awsJson1.1",
    version: "2019-06-24",
    xmlNamespace: "",
    target: "ServiceQuotasV20190624",
    load: () => import("@aws-sdk/client-service-quotas"),
  },
  route53: {
    namespace: "com.amazonaws.route53",
    protocol: "restXml",
    version: "2013-04-01",
    xmlNamespace: "https://route53.amazonaws.com/doc/2013-04-01/",
    target: "AWSDnsV20130401",
    load: () => import("@aws-sdk/client-route-53"),
  },
  kms: {
    namespace: "com.amazonaws.kms",
    protocol: "awsJson1.1",
    version: "2014-11-01",
    xmlNamespace: "",
    target: "TrentService",
    load: () => import("@aws-sdk/client-kms"),
  },
  sns: {
    namespace: "com.amazonaws.sns",
    protocol: "awsQuery",
    version: "2010-03-31",
    xmlNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
    target: "SNS",
    load: () => import("@aws-sdk/client-sns"),
  },
  ssm: {
    namespace: "com.amazonaws.ssm",
    protocol: "awsJson1.1",
    version: "2014-11-06",
    xmlNamespace: "",
    target: "AmazonSSM",
    load: () => import("@aws-sdk/client-ssm"),
  },
  states: {
    namespace: "com.amazonaws.sfn",
    protocol: "awsJson1.0",
    version: "2016-11-23",
    xmlNamespace: "",
    target: "AWSStepFunctions",
    load: () => import("@aws-sdk/client-sfn"),
  },
  lambda: {
    namespace: "com.amazonaws.lambda",
    protocol: "restJson",
    version: "2015-03-31",
    xmlNamespace: "",
    target: "AWSGirApiService",
    load: () => import("@aws-sdk/client-lambda"),
  },
  eks: {
    namespace: "com.amazonaws.eks",
    protocol: "restJson",
    version: "2017-11-01",
    xmlNamespace: "",
    target: "AWSWesleyFrontend",
    load: () => import("@aws-sdk/client-eks"),
  },
  // EventBridge.
  events: {
    namespace: "com.amazonaws.eventbridge",
    protocol: "awsJson1.1",
    version: "2015-10-07",
    xmlNamespace: "",
    target: "AWSEvents",
    load: () => import("@aws-sdk/client-eventbridge"),
  },
};

export const serviceIds = Object.keys(sources) as readonly ServiceId[];

/** By the name for which a request is signed; where several services share it, by the version that the request asks for. */
export const serviceSignedAs = (
  name: string,
  version: () => string | null,
): ServiceId | undefined => {
  const signed = serviceIds.filter((service) => (sources[service].signedAs ?? service) === name);
  if (signed.length < 2) return signed[0];
  const wanted = version();
  return signed.find((service) => sources[service].version === wanted) ?? signed[0];
};

/** Of a query request that carries no signature: the API version tells the service. */
export const serviceOfVersion = (version: string): ServiceId | undefined =>
  serviceIds.find((service) => sources[service].version === version);

export const serviceOfTarget = (target: string): ServiceId | undefined =>
  serviceIds.find((service) => sources[service].target === target);

export const serviceOfNamespace = (namespace: string): ServiceId | undefined =>
  serviceIds.find((service) => sources[service].namespace === namespace);

export const protocolOf = (service: ServiceId): Protocol => sources[service].protocol;

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
  const { load: loadClient, ...source } = sources[service];
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
