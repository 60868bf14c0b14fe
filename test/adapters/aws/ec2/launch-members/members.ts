/** Walks a table of members beside the SDK's schema of its type, and changes one member of a reading at a time. */
import type { Member, MemberTable } from "../../../../../adapters/aws/ec2/launch-members/member.ts";
import type { Shape } from "../../../../../local/schemas/shape.ts";

/** A member that is treated as one, wherever in the structure it stands. */
export interface Leaf {
  /** `Placement.Tenancy`; of lists the items are meant. */
  readonly path: string;
  readonly member: Member;
  readonly shape: Shape;
}

export const partsOf = (member: Member | undefined): MemberTable | undefined =>
  member !== undefined && "parts" in member ? member.parts : undefined;

/** The structure that a member holds, itself or as the items of a list. */
export const structureOf = (shape: Shape): Shape => shape.item?.shape ?? shape;

const memberShape = (shape: Shape, name: string): Shape => {
  const found = shape.members.get(name)?.shape;
  if (found === undefined) throw new Error(`the SDK's schema has no member ${name}`);
  return found;
};

export const leavesOf = (table: MemberTable, shape: Shape, path = ""): readonly Leaf[] =>
  Object.entries(table).flatMap(([name, member]) => {
    const own = memberShape(shape, name);
    const parts = partsOf(member);
    if (parts === undefined) return [{ path: `${path}${name}`, member, shape: own }];
    return leavesOf(parts, structureOf(own), `${path}${name}.`);
  });

/** Leaves, and the structures above them that are copied or compared: without any of their members something is lost. */
export const nodesOf = (table: MemberTable, shape: Shape, path = ""): readonly Leaf[] =>
  Object.entries(table).flatMap(([name, member]) => {
    const own = memberShape(shape, name);
    const node = { path: `${path}${name}`, member, shape: own };
    const parts = partsOf(member);
    if (parts === undefined) return [node];
    const below = nodesOf(parts, structureOf(own), `${path}${name}.`);
    return member.treatment === "refused-unless-default" ? below : [node, ...below];
  });

/** Of the SDK's schema, as deep as the table has parts. Sorted. */
export const schemaPaths = (table: MemberTable, shape: Shape, path = ""): readonly string[] =>
  [...shape.members]
    .flatMap(([name, slot]) => {
      const parts = partsOf(table[name]);
      if (parts === undefined) return [`${path}${name}`];
      return schemaPaths(parts, structureOf(slot.shape), `${path}${name}.`);
    })
    .sort();

/** Below this depth nothing is made up: some schemas contain themselves. */
const deepest = 4;

/** A value of the shape that is not the current one. */
const otherValue = (shape: Shape, current: unknown, depth = 0): unknown => {
  switch (shape.kind) {
    case "boolean":
      return current !== true;
    case "number":
      return typeof current === "number" ? current + 7 : 7;
    case "timestamp":
      return new Date("2020-02-02T00:00:00Z");
    case "list":
      return shape.item === undefined || depth > deepest
        ? []
        : [otherValue(shape.item.shape, undefined, depth + 1)];
    case "structure":
      return Object.fromEntries(
        [...shape.members].map(([name, slot]) => [
          name,
          otherValue(slot.shape, undefined, depth + 1),
        ]),
      );
    default:
      return "changed";
  }
};

type Reading = Readonly<Record<string, unknown>>;

/** What stands at the path; of a list its first item counts. */
const valueAt = (reading: unknown, [name = "", ...rest]: readonly string[]): unknown => {
  const holder: unknown = Array.isArray(reading) ? reading[0] : reading;
  const value = (holder as Reading | undefined)?.[name];
  return rest.length === 0 ? value : valueAt(value, rest);
};

/** The reading with that value at the path; of a list its first item is changed. */
const withValueAt = (reading: unknown, path: readonly string[], value: unknown): unknown => {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(reading)) {
    const [first, ...others] = reading as readonly unknown[];
    return [withValueAt(first, path, value), ...others];
  }
  const holder = (reading ?? {}) as Reading;
  return { ...holder, [name]: withValueAt(holder[name], rest, value) };
};

/** A structure with parts is taken away, any other member gets another value. */
const anotherValue = ({ member, shape }: Leaf, current: unknown): unknown => {
  if (partsOf(member) === undefined) return otherValue(shape, current);
  return shape.kind === "list" ? [] : undefined;
};

/** The reading in which that member alone is another. `told` says which value, where not any other will do. */
export const changedAt = <Type>(
  reading: Type,
  leaf: Leaf,
  told: Readonly<Record<string, unknown>>,
): Type => {
  const { path } = leaf;
  const names = path.split(".");
  const value = path in told ? told[path] : anotherValue(leaf, valueAt(reading, names));
  return withValueAt(reading, names, value) as Type;
};
