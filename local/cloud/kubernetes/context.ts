/** What every rule of the simulated Kubernetes works with: its objects, time, chance, and who is who. */
import { type Random, uuidOf } from "../random.ts";
import type { KubeObject } from "./objects.ts";
import type { KubeSettings } from "./settings.ts";
import type { ObjectStore } from "./store.ts";
import type { KubeTime } from "./time.ts";

/** Who asks, as authentication found. */
export interface Identity {
  readonly username: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What a webhook or an admission policy is shown before a write. */
export interface AdmissionReview {
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** As it would be written; of an eviction or a deletion, what is to go. */
  readonly object: KubeObject;
  readonly isDryRun: boolean;
  readonly user: Identity;
}

/** Throws KubeRefusal where it denies. */
export type Admission = (review: AdmissionReview) => void;

/** The controllers that a scenario may stop. */
export type ControllerName = "disruption" | "workloads" | "scheduler";

export interface KubeContext {
  readonly clusterName: string;
  readonly time: KubeTime;
  readonly random: Random;
  readonly settings: KubeSettings;
  readonly store: ObjectStore;
  readonly admissions: Set<Admission>;
}

export const newUid = ({ random }: Pick<KubeContext, "random">): string => uuidOf(random);

/** Letters and digits from which Kubernetes makes the ends of names: no vowels, so that no word comes out. */
const nameLetters = "bcdfghjklmnpqrstvwxz2456789";

export const nameEnd = ({ random }: Pick<KubeContext, "random">): string =>
  Array.from({ length: 5 }, () =>
    nameLetters.charAt(random.integer(0, nameLetters.length - 1)),
  ).join("");
