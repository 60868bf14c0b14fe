/** Signs requests to a deployed API with credentials of the ordinary chain. Loaded only where there is something to sign. */
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { loadConfig } from "@smithy/core/config";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import type { SourceData } from "@smithy/types";
import { Failure } from "../failure.ts";

export interface SigningSettings {
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly now: () => Date;
}

class Sha256 extends Hash {
  constructor(secret?: SourceData) {
    super("sha256", secret);
  }
}

/** `<id>.execute-api.<region>.amazonaws.com` */
const regionOfHost = (hostname: string): string | undefined =>
  /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com$/.exec(hostname)?.[1];

/** From the environment, else from the profile, as the AWS CLI finds it. */
const configuredRegion = async (profile: string | undefined): Promise<string | undefined> => {
  const region = loadConfig<string | undefined>(
    {
      environmentVariableSelector: (env) => env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"],
      configFileSelector: (section) => section["region"],
      default: undefined,
    },
    profile === undefined ? {} : { profile },
  );
  return region();
};

const regionFor = async (
  hostname: string,
  { region, profile }: SigningSettings,
): Promise<string> => {
  const found = region ?? regionOfHost(hostname) ?? (await configuredRegion(profile));
  if (found !== undefined) return found;
  throw new Failure("USAGE", `The region of ${hostname} is not known`, { next: "give --region" });
};

const credentialsOf = async (profile: string | undefined) => {
  try {
    return await fromNodeProviderChain(profile === undefined ? {} : { profile })();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure("DENIED", `There are no AWS credentials to sign with: ${why}`, {
      next:
        profile === undefined
          ? "aws configure, or give --profile"
          : `aws sso login --profile ${profile}`,
    });
  }
};

/** The same request with the headers of signature version 4. */
export const signedRequest = async (
  request: Request,
  settings: SigningSettings,
): Promise<Request> => {
  const { protocol, hostname, host, pathname, searchParams } = new URL(request.url);
  const region = await regionFor(hostname, settings);
  const credentials = await credentialsOf(settings.profile);
  const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
  const body = await request.clone().text();
  const query: Record<string, string[]> = {};
  for (const [name, value] of searchParams) (query[name] ??= []).push(value);
  const { headers } = await signer.sign(
    {
      method: request.method,
      protocol,
      hostname,
      path: pathname,
      query,
      headers: { ...Object.fromEntries(request.headers), host },
      ...(body !== "" && { body }),
    },
    { signingDate: settings.now() },
  );
  const { host: _host, ...others } = headers;
  return new Request(request, { headers: others });
};
