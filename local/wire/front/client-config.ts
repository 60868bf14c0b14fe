/** What a service client of the SDK is constructed with, so that it talks to a simulated cloud in this process. */
import type {
  AwsCredentialIdentity,
  AwsCredentialIdentityProvider,
  HttpAuthScheme,
} from "@smithy/types";
import type { Cloud } from "../../cloud/dispatch.ts";
import { DirectProtocol, directRequestHandler } from "./direct.ts";
import { type LocalRequestHandler, inProcessRequestHandler } from "./in-process.ts";
import { namingScheme, unsignedScheme } from "./naming-signer.ts";

export interface LocalClientOptions {
  readonly region: string;
  readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  /** "in-process": through the bytes of the protocol. "direct": without them, about three times as fast. */
  readonly front: "in-process" | "direct";
}

/** Fits every client's constructor. */
export interface LocalClientConfig {
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
  readonly protocol?: typeof DirectProtocol;
}

export const localClientConfig = (
  cloud: Cloud,
  options: LocalClientOptions,
): LocalClientConfig => ({
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
  ...(options.front === "direct"
    ? { requestHandler: directRequestHandler(cloud), protocol: DirectProtocol }
    : { requestHandler: inProcessRequestHandler(cloud) }),
});
