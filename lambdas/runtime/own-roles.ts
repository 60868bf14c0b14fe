/** Reads roles of our own account. What it takes is loaded when a role is first asked for. */
import { atFirstUse } from "../../core/at-first-use.ts";
import type { OwnRole } from "../../core/approval/role-trust.ts";

/** No role is kept: who may come by it is asked each time. */
export const ownRoles = (region: string): ((roleName: string) => Promise<OwnRole | undefined>) => {
  const reader = atFirstUse(async () => (await import("./iam-client.ts")).roleReader(region));
  return async (roleName) => (await reader())(roleName);
};
