/** Clients of the SDK that talk to a simulated cloud in this process. */
import type {
  AwsCredentialIdentity,
  AwsCredentialIdentityProvider,
  HttpAuthScheme,
} from "@smithy/types";
import type { Cloud } from "../../cloud/dispatch.ts";
import { loadModels } from "../../schemas/model.ts";
import { directClient, type DirectOptions } from "./direct.ts";
import { type LocalRequestHandler, inProcessRequestHandler } from "./in-process.ts";
import { namingScheme, unsignedScheme } from "./naming-signer.ts";

/** "in-process": through the SDK's middleware and the bytes of the protocol. "direct": without both, many times as fast. */
export type Front = "in-process" | "direct";

/** Fits every client's constructor. */
interface LocalClientConfig {
  readonly region: string;
  readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  readonly endpoint: string;
  readonly disableHostPrefix: boolean;
  readonly maxAttempts: number;
  readonly retryMode: "standard";
  readonly defaultsMode: "standard";
  readonly useDualstackEndpoint: boolean;
  readonly useFipsEndpoint: boolean;
  readonly userAgentAppId: string;
  readonly authSchemePreference: string[];
  readonly cacheMiddleware: boolean;
  readonly httpAuthSchemes: HttpAuthScheme[];
  readonly requestHandler: LocalRequestHandler;
}

/** For a client that goes through the bytes of the protocol. */
export const localClientConfig = (cloud: Cloud, options: DirectOptions): LocalClientConfig => ({
  region: options.region,
  credentials: options.credentials,
  // Never connected to; given, so that the SDK doesn't look for one in environment and files.
  endpoint: "http://127.0.0.1",
  disableHostPrefix: true,
  // The product retries in its workflows; the SDK's own retries would wait by the real clock.
  maxAttempts: 1,
  retryMode: "standard",
  defaultsMode: "standard",
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: "",
  authSchemePreference: [],
  cacheMiddleware: true,
  httpAuthSchemes: [namingScheme, unsignedScheme],
  requestHandler: inProcessRequestHandler(cloud),
});

/** What clients load at their first call: from then on a call takes no turn more than another, whichever came first. */
export const loadClients = (): Promise<void> => loadModels();

export const localClient = <Client extends object>(
  Class: new (config: LocalClientConfig) => Client,
  cloud: Cloud,
  { front, ...options }: DirectOptions & { readonly front: Front },
): Client =>
  front === "direct"
    ? directClient(Class, cloud, options)
    : new Class(localClientConfig(cloud, options));
