/**
 * The SDK without a wire: a protocol that hands the command's input to the cloud as it is. Credentials, retry and
 * error classes are the SDK's own; errors are still written and read as the protocol writes them.
 */
import {
  AwsEc2QueryProtocol,
  AwsJson1_0Protocol,
  AwsJson1_1Protocol,
  AwsQueryProtocol,
  AwsRestJsonProtocol,
} from "@aws-sdk/core/protocols";
import { type HttpProtocol, HttpRequest, HttpResponse } from "@smithy/core/protocols";
import type { TypeRegistry } from "@smithy/core/schema";
import type {
  $ClientProtocol,
  EndpointV2,
  HandlerExecutionContext,
  HttpRequest as SdkRequest,
  HttpResponse as SdkResponse,
  MetadataBearer,
  $OperationSchema,
  SerdeFunctions,
} from "@smithy/types";
import { CloudError } from "../../cloud/contract.ts";
import type { Cloud } from "../../cloud/dispatch.ts";
import { copyByShape } from "../../schemas/copy.ts";
import { encodeError } from "../errors.ts";
import { regionOfUnsigned, scopeOfHeader } from "../exchange.ts";
import {
  type Protocol,
  type ServiceId,
  modelOf,
  protocolOf,
  serviceOfNamespace,
} from "../../schemas/model.ts";
import {
  type LocalRequestHandler,
  type OutgoingRequest,
  httpResponseOf,
  localHandler,
} from "./in-process.ts";

interface DirectCall {
  readonly service: ServiceId;
  readonly operation: string;
  readonly input: unknown;
}

/** They travel beside the request and the answer that the SDK's middleware passes along. */
const calls = new WeakMap<object, DirectCall>();
const outputs = new WeakMap<object, Readonly<Record<string, unknown>>>();

/** A client's `protocolSettings`. */
interface ProtocolSettings {
  readonly defaultNamespace: string;
  readonly xmlNamespace: string;
  readonly version: string;
  readonly serviceTarget: string;
  readonly errorTypeRegistries?: TypeRegistry[];
}

const realProtocols: Readonly<Record<Protocol, (settings: ProtocolSettings) => HttpProtocol>> = {
  ec2Query: (settings) => new AwsEc2QueryProtocol(settings),
  awsQuery: (settings) => new AwsQueryProtocol(settings),
  "awsJson1.0": (settings) => new AwsJson1_0Protocol(settings),
  "awsJson1.1": (settings) => new AwsJson1_1Protocol(settings),
  restJson: (settings) => new AwsRestJsonProtocol(settings),
};

/** Give the class to a client as `protocol`, together with `directRequestHandler` as `requestHandler`. */
export class DirectProtocol implements $ClientProtocol<SdkRequest, SdkResponse> {
  readonly #service: ServiceId;
  /** Reads errors. */
  readonly #real: HttpProtocol;

  constructor(settings: ProtocolSettings) {
    const service = serviceOfNamespace(settings.defaultNamespace);
    if (service === undefined) {
      throw new Error(`the simulated cloud doesn't have ${settings.defaultNamespace}`);
    }
    this.#service = service;
    this.#real = realProtocols[protocolOf(service)](settings);
  }

  getShapeId(): string {
    return this.#real.getShapeId();
  }

  getRequestType(): ReturnType<HttpProtocol["getRequestType"]> {
    return this.#real.getRequestType();
  }

  getResponseType(): ReturnType<HttpProtocol["getResponseType"]> {
    return this.#real.getResponseType();
  }

  getPayloadCodec(): ReturnType<HttpProtocol["getPayloadCodec"]> {
    return this.#real.getPayloadCodec();
  }

  setSerdeContext(context: SerdeFunctions): void {
    this.#real.setSerdeContext(context);
  }

  updateServiceEndpoint(request: SdkRequest, endpoint: EndpointV2): SdkRequest {
    return this.#real.updateServiceEndpoint(request, endpoint);
  }

  serializeRequest(operation: $OperationSchema, input: object): Promise<SdkRequest> {
    const request = new HttpRequest({ method: "POST", path: "/", hostname: "127.0.0.1" });
    calls.set(request, { service: this.#service, operation: operation.name, input });
    return Promise.resolve(request);
  }

  deserializeResponse<Output extends MetadataBearer>(
    operation: $OperationSchema,
    context: HandlerExecutionContext & SerdeFunctions,
    response: SdkResponse,
  ): Promise<Output> {
    const output = outputs.get(response);
    if (output === undefined) return this.#real.deserializeResponse(operation, context, response);
    const $metadata = {
      httpStatusCode: response.statusCode,
      requestId: response.headers["x-amzn-requestid"],
    };
    // The output was copied by the operation's own schema.
    return Promise.resolve({ ...output, $metadata } as unknown as Output);
  }
}

export const directRequestHandler = (cloud: Cloud): LocalRequestHandler => {
  const tokens = cloud.random.fork("direct-front");
  const newToken = (): string => tokens.hex(32);
  return localHandler((request) => answer(cloud, request, newToken));
};

const answer = async (
  cloud: Cloud,
  request: OutgoingRequest,
  newToken: () => string,
): Promise<HttpResponse> => {
  const call = calls.get(request);
  if (call === undefined) throw new Error("the direct front takes requests of DirectProtocol only");
  const { service, operation: name } = call;
  const scope = scopeOfHeader(request.headers.authorization);
  const model = await modelOf(service);
  const operation = model.operations.get(name);
  if (operation === undefined) throw new Error(`${service} has no operation ${name}`);
  const requestId = cloud.newRequestId();
  const copy = { protocol: model.protocol, newToken };
  try {
    const output = await cloud.call({
      service,
      operation: name,
      region: scope?.region ?? regionOfUnsigned,
      input: copyByShape(operation.input, call.input, { ...copy, direction: "request" }),
      requestId,
      ...(scope !== undefined && { accessKeyId: scope.accessKeyId }),
    });
    const response = new HttpResponse({
      statusCode: operation.http?.status ?? 200,
      headers: { "x-amzn-requestid": requestId },
    });
    outputs.set(
      response,
      copyByShape(operation.output, output, { ...copy, direction: "response" }),
    );
    return response;
  } catch (error) {
    if (error instanceof CloudError) return httpResponseOf(encodeError(model, error, requestId));
    throw error;
  }
};
