/**
 * In this process no proof is needed: the request says whose key it is, for which region and service, and
 * carries no signature. It also leaves the SDK's clock alone, which matters in virtual time.
 */
import type { HttpAuthScheme, HttpRequest, Identity } from "@smithy/types";

const sign = async (
  request: HttpRequest,
  identity: Identity,
  properties: Record<string, unknown>,
): Promise<HttpRequest> => {
  const { name, region } = properties as { readonly name: string; readonly region: string };
  const { accessKeyId } = identity as { readonly accessKeyId?: string };
  if (accessKeyId === undefined) throw new Error(`no access key to call ${name} with`);
  request.headers.authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/local/${region}/${name}/aws4_request`;
  return Promise.resolve(request);
};

/** Stands in for SigV4 under its own name, so that a client's ordinary choice of scheme finds it. */
export const namingScheme: HttpAuthScheme = {
  schemeId: "aws.auth#sigv4",
  identityProvider: (config) => config.getIdentityProvider("aws.auth#sigv4"),
  signer: { sign },
};

/** For the few operations that are not signed (AssumeRoleWithWebIdentity). */
export const unsignedScheme: HttpAuthScheme = {
  schemeId: "smithy.api#noAuth",
  identityProvider: () => () => Promise.resolve({}),
  signer: { sign: (request) => Promise.resolve(request) },
};
