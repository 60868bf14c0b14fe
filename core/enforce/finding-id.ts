/** How a finding is named outside: by its account, region and instance, so that the name tells where it stands. */
import type { Finding } from "../model/enforcer.ts";
import { accountIdSchema, instanceIdSchema, type InstanceId } from "../model/ids.ts";
import type { Place } from "../model/place.ts";

export const findingIdPattern = /^gov-(\d{12})-([a-z]{2}-[a-z]+-\d{1,2})-(i-[0-9a-f]{8,17})$/;

/** `gov-444455556666-eu-central-1-i-0123456789abcdef0` */
export const findingIdOf = ({
  accountId,
  region,
  instanceId,
}: Pick<Finding, "accountId" | "region" | "instanceId">): string =>
  `gov-${accountId}-${region}-${instanceId}`;

/** Undefined: it is not the id of a finding. */
export const parseFindingId = (
  findingId: string,
): { readonly place: Place; readonly instanceId: InstanceId } | undefined => {
  const [, accountId, region = "", instanceId] = findingIdPattern.exec(findingId) ?? [];
  const account = accountIdSchema.safeParse(accountId);
  const instance = instanceIdSchema.safeParse(instanceId);
  return account.success && instance.success
    ? { place: { accountId: account.data, region }, instanceId: instance.data }
    : undefined;
};
