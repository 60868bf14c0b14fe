/** Names the members of a structure that its table refuses, or does not know, and that ask for more than the default. */
import type { Member, MemberTable } from "./member.ts";

/** EC2 sends empty lists, structures and texts where nothing was given. */
const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && !(value instanceof Date) && Object.keys(value).length === 0);

const isDefault = (member: Member | undefined, value: unknown): boolean =>
  member?.treatment === "refused-unless-default" && member.defaults.includes(value);

const isSettled = (member: Member | undefined): boolean =>
  member?.treatment === "copied" ||
  member?.treatment === "compared" ||
  member?.treatment === "irrelevant";

const partsOf = (member: Member | undefined): MemberTable | undefined =>
  member !== undefined && "parts" in member ? member.parts : undefined;

/** `Placement.Tenancy`, `NetworkInterfaces[1].SubnetId`. A member that no table knows yet is named as well. */
export const notCarried = (table: MemberTable, data: object, path = ""): readonly string[] =>
  Object.entries(data).flatMap(([name, value]: [string, unknown]) => {
    const member = table[name];
    const here = `${path}${name}`;
    const parts = partsOf(member);
    if (isNothing(value) || isDefault(member, value)) return [];
    if (parts === undefined || typeof value !== "object") return isSettled(member) ? [] : [here];
    return Array.isArray(value)
      ? value.flatMap((item: object, index) =>
          notCarried(parts, item, `${here}[${String(index)}].`),
        )
      : notCarried(parts, value as object, `${here}.`);
  });

const isLost = (
  member: Member | undefined,
  value: unknown,
): member is Member & { reason: string } =>
  member?.treatment === "refused-unless-default" &&
  member.code === "NOT_CARRIED" &&
  !isNothing(value) &&
  !isDefault(member, value);

/** Of a live instance or a part of it: what its clone would lack, with the reason. `path` names the part. */
export const lackingIn = (
  table: MemberTable,
  data: object,
  path = "",
): readonly { readonly member: string; readonly reason: string }[] =>
  Object.entries(data).flatMap(([name, value]: [string, unknown]) => {
    const member = table[name];
    const here = `${path}${name}`;
    if (isLost(member, value)) {
      return [{ member: here, reason: member.reason.replace(/\.$/, "") }];
    }
    const parts = partsOf(member);
    if (parts === undefined || typeof value !== "object" || value === null) return [];
    return Array.isArray(value)
      ? value.flatMap((item: object, index) => lackingIn(parts, item, `${here}[${String(index)}].`))
      : lackingIn(parts, value, `${here}.`);
  });
