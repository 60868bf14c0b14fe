/**
 * What the simulated etcd keeps: objects by resource, one counter of versions for all, and the changes of the last five minutes, from
 * which a list that goes on and a watch are answered.
 */
import type { Clock } from "../clock.ts";
import type { Objects, Plural } from "./kinds.ts";
import type { KubeObject } from "./objects.ts";

export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly plural: Plural;
  /** As it is now; of one that is deleted, as it last was, with the version of its deletion. */
  readonly object: KubeObject;
  readonly before?: KubeObject;
  readonly version: number;
  readonly atMs: number;
}

export type ChangeListener = (change: Change) => void;

export interface ObjectName {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** Source: kube-apiserver reference, `--etcd-compaction-interval`: 5 minutes. */
const keptMs = 300_000;
/** A new cluster has written its own objects by then. † */
const firstVersion = 1000;

const keyOf = ({ namespace, name }: ObjectName): string => `${namespace ?? ""}/${name}`;

const inOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

export class ObjectStore {
  readonly #clock: Clock;
  #version = firstVersion;
  #compacted = firstVersion - 1;
  readonly #objects = new Map<Plural, Map<string, KubeObject>>();
  readonly #sorted = new Map<Plural, readonly KubeObject[]>();
  #log: Change[] = [];
  readonly #listeners = new Set<ChangeListener>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get version(): number {
    return this.#version;
  }

  /** Up to it, what happened is forgotten. */
  get compacted(): number {
    this.#forget();
    return this.#compacted;
  }

  get<Name extends Plural>(plural: Name, name: ObjectName): Objects[Name] | undefined {
    return this.#objects.get(plural)?.get(keyOf(name)) as Objects[Name] | undefined;
  }

  /** In the order of their keys, as etcd has them. */
  list<Name extends Plural>(plural: Name, namespace?: string): readonly Objects[Name][] {
    const all = this.#all(plural) as readonly Objects[Name][];
    return namespace === undefined
      ? all
      : all.filter(({ metadata }) => metadata.namespace === namespace);
  }

  /** As they were at that version. Undefined where that is forgotten. */
  listAt(plural: Plural, version: number): readonly KubeObject[] | undefined {
    if (version <= this.compacted) return undefined;
    const objects = new Map(this.#objects.get(plural));
    for (const change of [...this.#log].reverse()) {
      if (change.version <= version) break;
      if (change.plural !== plural) continue;
      const key = keyOf(change.object.metadata);
      if (change.before === undefined) objects.delete(key);
      else objects.set(key, change.before);
    }
    return [...objects.entries()]
      .sort(([one], [other]) => inOrder(one, other))
      .map(([, object]) => object);
  }

  /** Creates or replaces, with a new version. */
  put<Name extends Plural>(plural: Name, object: Objects[Name]): Objects[Name] {
    const objects = this.#objects.get(plural) ?? new Map<string, KubeObject>();
    this.#objects.set(plural, objects);
    const key = keyOf(object.metadata);
    const before = objects.get(key);
    const written = this.#versioned(object);
    objects.set(key, written);
    this.#changed(plural, {
      type: before === undefined ? "ADDED" : "MODIFIED",
      object: written,
      ...(before !== undefined && { before }),
    });
    return written;
  }

  remove(plural: Plural, name: ObjectName): void {
    const before = this.#objects.get(plural)?.get(keyOf(name));
    if (before === undefined) return;
    this.#objects.get(plural)?.delete(keyOf(name));
    this.#changed(plural, { type: "DELETED", object: this.#versioned(before), before });
  }

  /** The changes after that version; undefined where some of them are forgotten. */
  since(version: number): readonly Change[] | undefined {
    if (version < this.compacted) return undefined;
    return this.#log.filter((change) => change.version > version);
  }

  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Forgets all that was, as etcd's compaction does. */
  compact(): void {
    this.#log = [];
    this.#compacted = this.#version;
  }

  #all(plural: Plural): readonly KubeObject[] {
    const known = this.#sorted.get(plural);
    if (known !== undefined) return known;
    const sorted = [...(this.#objects.get(plural)?.entries() ?? [])]
      .sort(([one], [other]) => inOrder(one, other))
      .map(([, object]) => object);
    this.#sorted.set(plural, sorted);
    return sorted;
  }

  #versioned<Type extends KubeObject>(object: Type): Type {
    this.#version += 1;
    const resourceVersion = String(this.#version);
    return { ...object, metadata: { ...object.metadata, resourceVersion } };
  }

  #changed(plural: Plural, what: Pick<Change, "type" | "object" | "before">): void {
    this.#sorted.delete(plural);
    const change = { ...what, plural, version: this.#version, atMs: this.#clock.now() };
    this.#log.push(change);
    for (const listener of [...this.#listeners]) listener(change);
  }

  #forget(): void {
    const until = this.#clock.now() - keptMs;
    const first = this.#log[0];
    if (first === undefined || first.atMs >= until) return;
    const kept = this.#log.findIndex(({ atMs }) => atMs >= until);
    const gone = this.#log.splice(0, kept === -1 ? this.#log.length : kept);
    this.#compacted = gone.at(-1)?.version ?? this.#compacted;
  }
}
