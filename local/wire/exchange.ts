/** One request, one answer: finds service, operation and caller, decodes, asks the cloud, encodes. All fronts but the direct one use it. */
import { CloudError } from "../cloud/contract.ts";
import type { Cloud } from "../cloud/dispatch.ts";
import { BrokenConnection } from "../cloud/faults.ts";
import { refuse } from "../cloud/refusals.ts";
import { MalformedRequest, encodeError } from "./errors.ts";
import { decodeForm } from "./form.ts";
import { decodeJson } from "./json.ts";
import type { WireRequest, WireResponse } from "./messages.ts";
import { modelOf, serviceOfTarget, serviceOfVersion, serviceSignedAs } from "../schemas/model.ts";
import type { Operation, ServiceModel } from "../schemas/model.ts";
import type { ServiceId } from "../schemas/services.ts";
import { encodeOutput } from "./respond.ts";
import { decodeRest, matchRoute } from "./rest.ts";
import type { SignatureFault } from "./signature.ts";

export interface ExchangeOptions {
  /** Told of errors that a service's handler throws by mistake; they are then answered with a 500. */
  readonly onDefect?: (error: unknown) => void;
  /** Why it is not let in, whatever it asks for. */
  readonly fault?: SignatureFault | undefined;
}

/**
 * Every refusal is an answer.
 * @throws BrokenConnection if a fault hook broke it; without `onDefect`, also what a handler throws by mistake
 */
export const exchange = async (
  cloud: Cloud,
  request: WireRequest,
  { onDefect, fault }: ExchangeOptions = {},
): Promise<WireResponse> => {
  const requestId = cloud.newRequestId();
  const scope = scopeOf(request);
  const service = scope?.service ?? serviceByContent(request);
  if (service === undefined) return ofNoService(requestId, fault);
  const model = await modelOf(service);
  if (fault !== undefined) {
    return encodeError(model, refuse(service, fault.refusal, fault.message), requestId);
  }
  try {
    return await perform(cloud, request, { model, scope, requestId });
  } catch (error) {
    const refusal = refusalOf(service, error) ?? defectOf(service, error, onDefect);
    return encodeError(model, refusal, requestId);
  }
};

const perform = async (
  cloud: Cloud,
  request: WireRequest,
  {
    model,
    scope,
    requestId,
  }: {
    readonly model: ServiceModel;
    readonly scope: Scope | undefined;
    readonly requestId: string;
  },
): Promise<WireResponse> => {
  const { operation, input } = await decode(model, request);
  const output = await cloud.call({
    service: model.service,
    operation: operation.name,
    region: scope?.region ?? regionOfUnsigned,
    input,
    requestId,
    ...(scope !== undefined && { accessKeyId: scope.accessKeyId }),
  });
  return encodeOutput({ model, operation }, output, requestId);
};

/** Only a signature names the region. */
export const regionOfUnsigned = "us-east-1";

const refusalOf = (service: ServiceId, error: unknown): CloudError | undefined => {
  if (error instanceof CloudError) return error;
  return error instanceof MalformedRequest
    ? refuse(service, error.refusal, error.message)
    : undefined;
};

/** @throws the error itself, if it is to break the connection or nobody is to be told of it */
const defectOf = (
  service: ServiceId,
  error: unknown,
  onDefect: ((error: unknown) => void) | undefined,
): CloudError => {
  if (onDefect === undefined || error instanceof BrokenConnection) throw error;
  onDefect(error);
  return refuse(service, "BROKEN_INSIDE", error instanceof Error ? error.message : "unknown");
};

/** Whose key, for which region and service: what a signature is scoped to. */
interface Scope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: ServiceId;
}

/** `Credential=AKIA…/20240101/eu-west-1/ec2/aws4_request`, in the header or, of a presigned request, in the query string. */
const scopePattern = /^([^/]+)\/[^/]*\/([^/]+)\/([^/]+)\/aws4_request$/;

/** In an `Authorization` header, or in the query string of a presigned request. */
const credentialOf = ({ query, headers }: WireRequest): string =>
  query.get("X-Amz-Credential") ??
  /Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1] ??
  "";

const scopeOf = (request: WireRequest): Scope | undefined => {
  const [, accessKeyId, region, name] = scopePattern.exec(credentialOf(request)) ?? [];
  if (accessKeyId === undefined || region === undefined || name === undefined) return undefined;
  const service = serviceSignedAs(name, () => formOf(request).get("Version"));
  return service === undefined ? undefined : { accessKeyId, region, service };
};

const serviceByContent = (request: WireRequest): ServiceId | undefined => {
  const target = request.headers["x-amz-target"];
  if (target !== undefined) return serviceOfTarget(target.split(".")[0] ?? "");
  return serviceOfVersion(formOf(request).get("Version") ?? "");
};

/** In JSON, as most services would. */
const ofNoService = (requestId: string, fault: SignatureFault | undefined): WireResponse => {
  const document =
    fault === undefined
      ? {
          __type: "UnknownOperationException",
          message:
            "Neither the signature's scope nor the request says which service is meant, or the simulated cloud doesn't have it.",
        }
      : { __type: "AccessDeniedException", message: fault.message };
  return {
    status: fault === undefined ? 400 : 403,
    headers: { "content-type": "application/json", "x-amzn-requestid": requestId },
    body: JSON.stringify(document),
  };
};

/** Query requests come as a POSTed form, or (presigned ones) in the query string. */
const formOf = (request: WireRequest): URLSearchParams =>
  request.method === "GET" ? request.query : new URLSearchParams(request.body);

interface Decoded {
  readonly operation: Operation;
  readonly input: unknown;
}

const decode = async (model: ServiceModel, request: WireRequest): Promise<Decoded> => {
  const { protocol } = model;
  switch (protocol) {
    case "ec2Query":
    case "awsQuery": {
      const form = formOf(request);
      checkVersion(model, form);
      const operation = operationNamed(model, form.get("Action") ?? "");
      return { operation, input: decodeForm(form, { operation, protocol }) };
    }
    case "awsJson1.0":
    case "awsJson1.1": {
      const target = request.headers["x-amz-target"] ?? "";
      const operation = operationNamed(model, target.slice(target.lastIndexOf(".") + 1));
      return { operation, input: await decodeJson(request.body, operation, "rpc") };
    }
    case "restJson":
    case "restXml": {
      const route = matchRoute(model, request);
      if (route === undefined) throw unknownOperation(`${request.method} ${request.path}`);
      return { operation: route.operation, input: await decodeRest(route, request) };
    }
  }
};

/** Another version may have the same actions with another meaning. */
const checkVersion = (model: ServiceModel, form: URLSearchParams): void => {
  const version = form.get("Version");
  if (version !== null && version !== model.version && model.service !== "ec2") {
    throw new MalformedRequest(
      "UNKNOWN_OPERATION",
      `Version ${version} of ${model.service} is not part of the simulated cloud: it speaks ${model.version}.`,
    );
  }
};

const operationNamed = (model: ServiceModel, name: string): Operation => {
  const operation = model.operations.get(name);
  if (operation === undefined) throw unknownOperation(name);
  return operation;
};

const unknownOperation = (name: string): MalformedRequest =>
  new MalformedRequest(
    "UNKNOWN_OPERATION",
    `The action ${name === "" ? "(none)" : name} is not valid for this web service.`,
  );
