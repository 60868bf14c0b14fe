/**
 * Parameter Store, as far as parameters that name an image go. A value is never changed: each that is put is a version of its own, and the newest stands
 * where none is asked for. Sources: Systems Manager user guide, "Working with parameter versions"; "Native parameter support for Amazon Machine Image IDs".
 */
import type { ImageParameter, ParameterSource } from "../ec2/parameter-source.ts";

export interface ParameterDeclaration {
  readonly accountId: string;
  readonly region: string;
  /** With its leading slash, where it has one. */
  readonly name: string;
  readonly value: string;
  /** Default: `aws:ec2:image`. */
  readonly dataType?: "aws:ec2:image" | "text";
  /** Of the parameter. Absent: as they were. */
  readonly tags?: Readonly<Record<string, string>>;
}

type Place = Parameters<ParameterSource["find"]>[0];

const keyOf = ({ accountId, region }: Place, name: string): string =>
  [accountId, region, name].join("#");

/** Public ones belong to no account: `parameter/aws/service/…`. (Systems Manager user guide, "Discovering public parameters".) */
const arnOf = ({ accountId, region }: Place, name: string): string => {
  const path = name.replace(/^\//, "");
  return `arn:aws:ssm:${region}:${path.startsWith("aws/") ? "" : accountId}:parameter/${path}`;
};

const reference = /^(?<name>[^:]+)(?::(?<version>\d+))?$/;

export class ParameterStore implements ParameterSource {
  readonly #versions = new Map<string, readonly ImageParameter[]>();

  /** Returns the version's number. */
  put(declared: ParameterDeclaration): number {
    const key = keyOf(declared, declared.name);
    const before = this.#versions.get(key) ?? [];
    const { value, dataType = "aws:ec2:image", tags = before.at(-1)?.tags ?? {} } = declared;
    this.#versions.set(key, [
      ...before,
      { arn: arnOf(declared, declared.name), value, dataType, tags },
    ]);
    return before.length + 1;
  }

  delete(place: Place, name: string): void {
    this.#versions.delete(keyOf(place, name));
  }

  find(place: Place, wanted: string): ImageParameter | undefined {
    const { name = "", version } = reference.exec(wanted)?.groups ?? {};
    const versions = this.#versions.get(keyOf(place, name)) ?? [];
    return version === undefined ? versions.at(-1) : versions[Number(version) - 1];
  }
}
