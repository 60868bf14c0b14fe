/**
 * What our readings have shown of a group's members right before a call. What others do between a reading and the call nobody can see, and AWS takes no
 * condition with a call: it is not held against us (docs/workflows/cluster.md, "What is missing").
 */

/** Why a member serves no longer. */
export type Lack = "LEFT" | "ENDED" | "NOTICED" | "UNHEALTHY";

/** Readings each of which would have told it. */
const tellers: Readonly<Record<Lack, readonly string[]>> = {
  LEFT: ["DescribeAutoScalingGroups"],
  ENDED: ["DescribeInstances", "DescribeTargetHealth"],
  NOTICED: ["DescribeSpotInstanceRequests"],
  UNHEALTHY: ["DescribeTargetHealth"],
};

const looking: ReadonlySet<string> = new Set(Object.values(tellers).flat());

/** Who read longer ago has not looked right before. A group is read anew by five calls, some of them at once, of at most a tenth of a second each. */
const freshMs = 1_000;

/** As the group was when a reading was answered. */
interface Look {
  readonly atMs: number;
  readonly servingIds: readonly string[];
  readonly asked: number;
  readonly desired: number;
}

interface Reading {
  readonly operation: string;
  readonly at: number;
}

export class LastLooks {
  readonly #looks = new Map<string, Look>();

  isLook({ operation }: Pick<Reading, "operation">): boolean {
    return looking.has(operation);
  }

  note({ operation, at: atMs }: Reading, shown: Omit<Look, "atMs">): void {
    this.#looks.set(operation, { atMs, ...shown });
  }

  /** Members that were shown as serving, and do so no longer. `lackOf` says why. */
  unseenAt(
    atMs: number,
    { servingIds, lackOf }: Pick<Look, "servingIds"> & { readonly lackOf: (id: string) => Lack },
  ): readonly string[] {
    const shown = new Set([...this.#looks.values()].flatMap((look) => look.servingIds));
    return [...shown].filter((id) => {
      if (servingIds.includes(id)) return false;
      const looks = tellers[lackOf(id)].flatMap((operation) => this.#freshAt(atMs, operation));
      return looks.length > 0 && looks.every((look) => look.servingIds.includes(id));
    });
  }

  /** How many were asked for, and stood as desired, when the group was read; `undefined` where nobody has read it right before. */
  sizeAt(atMs: number): Pick<Look, "asked" | "desired"> | undefined {
    return this.#freshAt(atMs, "DescribeAutoScalingGroups")[0];
  }

  #freshAt(atMs: number, operation: string): readonly Look[] {
    const look = this.#looks.get(operation);
    return look !== undefined && atMs - look.atMs <= freshMs ? [look] : [];
  }
}
