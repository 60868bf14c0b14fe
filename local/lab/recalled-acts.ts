/** What a function does once more: it must come to the same. */
import { isDeepStrictEqual } from "node:util";
import { isPlainObject } from "../../adapters/store/attribute-values.ts";
import type { Cloud, CloudRequest } from "../cloud/dispatch.ts";
import { codeOf } from "../cloud/faults.ts";
import { isDryRun, isMutating } from "../cloud/journal.ts";
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import type { KubeRequest } from "../cloud/kubernetes/requests.ts";
import type { ActKind, Again } from "./recalled-runs.ts";

export const notEnded: Again = () => {
  throw new Error("It had not ended when its function did.");
};

/** The same refusal as before. */
export const refusedAgain = async (error: unknown, act: () => Promise<unknown>): Promise<void> => {
  const refusal = await act().then(
    () => undefined,
    (again: unknown) => again,
  );
  if (codeOf(error) === undefined || codeOf(refusal) !== codeOf(error)) {
    throw new Error(`It was refused before: ${String(error)}`, { cause: refusal });
  }
};

export const answeredAgain = async (
  answer: unknown,
  act: () => Promise<unknown>,
): Promise<void> => {
  const again = await act();
  if (!isDeepStrictEqual(again, answer))
    throw new Error("The table answers otherwise than before.");
};

export const askedAgain = async (
  cluster: KubeCluster | undefined,
  request: KubeRequest,
  code: number,
): Promise<void> => {
  const again = await cluster?.answer({ ...request, body: copyOf(request.body) });
  if (again?.code !== code) throw new Error(`The cluster answers ${String(again?.code)}.`);
};

/** Under an id of that cloud. */
export const asReading = (request: CloudRequest, cloud: Cloud): CloudRequest => ({
  ...request,
  requestId: cloud.newRequestId(),
});

/** As `structuredClone`, which takes tens of microseconds for the smallest object. */
const copyOf = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isPlainObject(value)) return structuredClone(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)]));
};

/** What a service keeps of a request is not shared by clouds. */
export const ownRequest = (request: CloudRequest, cloud: Cloud): CloudRequest => ({
  ...asReading(request, cloud),
  input: copyOf(request.input),
});

export const callerOf = ({ identities }: Cloud, { accessKeyId = "" }: CloudRequest) =>
  identities.principal(accessKeyId)?.caller;

export const kindOf = (cloud: Cloud, request: CloudRequest): ActKind => {
  const { service, operation, input } = request;
  const isOwn = callerOf(cloud, request)?.accountId === cloud.identities.ownAccountId;
  return isMutating(operation) && !isOwn && !isDryRun(service, input) ? "CHANGE" : "OTHER";
};
