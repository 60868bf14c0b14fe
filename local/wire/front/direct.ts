/**
 * The SDK's clients without a wire and without the SDK's middleware: `send` hands the command's input to the cloud as
 * it is, copied by the operation's schema, and the answer back. Classes of clients, commands and errors are the SDK's
 * own; errors are written and read as the protocol writes them.
 */
import type { HttpResponse } from "@smithy/core/protocols";
import type {
  $ClientProtocol,
  AwsCredentialIdentity,
  AwsCredentialIdentityProvider,
  HttpRequest,
  HttpResponse as SdkResponse,
  MetadataBearer,
  SerdeFunctions,
  StaticOperationSchema,
} from "@smithy/types";
import { CloudError } from "../../cloud/contract.ts";
import { type Cloud, isUnsigned } from "../../cloud/dispatch.ts";
import { copierOf, type CopyByShape } from "../../schemas/copy.ts";
import { encodeError } from "../errors.ts";
import { regionOfUnsigned } from "../exchange.ts";
import {
  type Operation,
  type ServiceModel,
  modelOf,
  serviceOfNamespace,
} from "../../schemas/model.ts";
import type { Protocol } from "../../schemas/services.ts";
import { httpResponseOf } from "./in-process.ts";

export interface DirectOptions {
  readonly region: string;
  readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
}

/** What a client of the SDK is made with, once for each class: it reads errors and is never asked to send. */
type ClientClass = new (config: typeof readerConfig) => {
  readonly config: unknown;
};

/** It looks for none of them in environment and files. */
const readerConfig = {
  region: regionOfUnsigned,
  endpoint: "http://127.0.0.1",
  defaultsMode: "standard",
  retryMode: "standard",
  maxAttempts: 1,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: "",
  authSchemePreference: [] as string[],
} as const;

interface ErrorReader extends SerdeFunctions {
  readonly protocol: $ClientProtocol<HttpRequest, SdkResponse>;
}

const readers = new WeakMap<ClientClass, ErrorReader>();

const readerOf = (Client: ClientClass): ErrorReader => {
  const known = readers.get(Client);
  if (known !== undefined) return known;
  const { config } = new Client(readerConfig);
  // The resolved configuration of a client has both; its type is each client's own.
  const reader = config as ErrorReader;
  readers.set(Client, reader);
  return reader;
};

interface Copiers {
  readonly request: CopyByShape;
  readonly response: CopyByShape;
}

const copiers = new WeakMap<Cloud, (protocol: Protocol) => Copiers>();

/** Members that the SDK fills in when they are absent have one stream for each cloud. */
const openCopiers = (cloud: Cloud): ((protocol: Protocol) => Copiers) => {
  const random = cloud.random.fork("direct-front");
  const newToken = (): string => random.hex(32);
  const made = new Map<Protocol, Copiers>();
  return (protocol) => {
    const known = made.get(protocol);
    if (known !== undefined) return known;
    const both = {
      request: copierOf({ protocol, newToken, direction: "request" }),
      response: copierOf({ protocol, newToken, direction: "response" }),
    };
    made.set(protocol, both);
    return both;
  };
};

const copiersOf = (cloud: Cloud, protocol: Protocol): Copiers => {
  const known = copiers.get(cloud) ?? openCopiers(cloud);
  copiers.set(cloud, known);
  return known(protocol);
};

/** A command of the SDK: its class carries the operation's schema. */
interface AnyCommand {
  readonly input: unknown;
  readonly schema?: StaticOperationSchema;
}

interface Called {
  readonly schema: StaticOperationSchema;
  readonly model: ServiceModel;
  readonly operation: Operation;
}

const calledBy = async ({ schema }: AnyCommand): Promise<Called> => {
  const [, namespace = "", name = ""] = schema ?? [];
  const service = serviceOfNamespace(namespace);
  if (schema === undefined || service === undefined) {
    throw new Error(`The simulated cloud doesn't have ${namespace}.`);
  }
  const model = await modelOf(service);
  const operation = model.operations.get(name);
  if (operation === undefined) throw new Error(`${service} has no operation ${name}.`);
  return { schema, model, operation };
};

/** @throws the SDK's own error of that code */
const throwAsTheSdk = async (
  reader: ErrorReader,
  { schema, model }: Called,
  answered: { readonly error: CloudError; readonly requestId: string },
): Promise<never> => {
  const [, namespace, name, traits, input, output] = schema;
  const response: HttpResponse = httpResponseOf(
    encodeError(model, answered.error, answered.requestId),
  );
  await reader.protocol.deserializeResponse(
    { namespace, name, traits, input, output },
    reader,
    response,
  );
  throw new Error(`The SDK took the refusal ${answered.error.code} of ${name} for an answer.`);
};

class DirectSender {
  readonly #cloud: Cloud;
  readonly #options: DirectOptions;
  readonly #reader: ErrorReader;

  constructor(cloud: Cloud, options: DirectOptions, reader: ErrorReader) {
    this.#cloud = cloud;
    this.#options = options;
    this.#reader = reader;
  }

  async send(command: AnyCommand): Promise<MetadataBearer> {
    const called = await calledBy(command);
    const { model, operation } = called;
    const requestId = this.#cloud.newRequestId();
    const copy = copiersOf(this.#cloud, model.protocol);
    try {
      const output = await this.#cloud.call({
        service: model.service,
        operation: operation.name,
        input: copy.request(operation.input, command.input),
        requestId,
        ...(await this.#scopeOf(called)),
      });
      const $metadata = { httpStatusCode: operation.http?.status ?? 200, requestId };
      return Object.assign(copy.response(operation.output, output), { $metadata });
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      return await throwAsTheSdk(this.#reader, called, { error, requestId });
    }
  }

  async #scopeOf({ model, operation }: Called): Promise<{ region: string; accessKeyId?: string }> {
    if (isUnsigned(model.service, operation.name)) return { region: regionOfUnsigned };
    const { region, credentials } = this.#options;
    const { accessKeyId } = typeof credentials === "function" ? await credentials() : credentials;
    return { region, accessKeyId };
  }
}

/** A client is no more than its sender: a function has a dozen for each session, and uses two. */
interface DirectClient {
  readonly sender: DirectSender;
}

const prototypes = new WeakMap<object, object>();

/** What all direct clients of that class have in common. */
const prototypeOf = (Class: { readonly prototype: unknown }): object => {
  const known = prototypes.get(Class);
  if (known !== undefined) return known;
  const made = Object.assign(Object.create(Class.prototype as object) as object, {
    send(this: DirectClient, command: AnyCommand) {
      return this.sender.send(command);
    },
    destroy: () => undefined,
  });
  prototypes.set(Class, made);
  return made;
};

/** Passes for a client of that class everywhere, paginators included; it has no configuration and no middleware. */
export const directClient = <Client extends object>(
  Class: new (config: never) => Client,
  cloud: Cloud,
  options: DirectOptions,
): Client => {
  const sender = new DirectSender(cloud, options, readerOf(Class as unknown as ClientClass));
  const client = Object.create(prototypeOf(Class)) as Client;
  return Object.assign(client, { sender } satisfies DirectClient);
};
