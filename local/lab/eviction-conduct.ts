/**
 * How our evictions are made: each by the pod's uid and with the pod's own grace, none again once it was accepted, and no pod deleted otherwise, unless its owner
 * lets us: then by its uid, and never without any grace.
 */
import { isMutatingCall, type KubeJournalEntry } from "../cloud/kubernetes/journal.ts";
import { isOurCall } from "./cluster-mirror.ts";

interface DeletionBody {
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string };
}

interface EvictionBody {
  readonly deleteOptions?: DeletionBody;
}

const at = ({ at: atMs, namespace, name }: KubeJournalEntry): string =>
  `${new Date(atMs).toISOString()}: ${namespace}/${name}`;

const uidIn = ({ body }: KubeJournalEntry): string | undefined =>
  (body as EvictionBody).deleteOptions?.preconditions?.uid;

const judgeOne = (entry: KubeJournalEntry, accepted: ReadonlySet<string>): readonly string[] => {
  const uid = uidIn(entry);
  const isOtherGrace = (entry.body as EvictionBody).deleteOptions?.gracePeriodSeconds !== undefined;
  return [
    ...(uid === undefined ? [`${at(entry)} was evicted without its uid`] : []),
    ...(isOtherGrace ? [`${at(entry)} was evicted with another grace`] : []),
    ...(uid !== undefined && accepted.has(uid)
      ? [`${at(entry)} was evicted again, although that was accepted`]
      : []),
  ];
};

const judgeDeletion = (entry: KubeJournalEntry): readonly string[] => {
  const { gracePeriodSeconds = 0, preconditions } = entry.body as DeletionBody;
  return [
    ...(preconditions?.uid === undefined ? [`${at(entry)} was deleted without its uid`] : []),
    ...(gracePeriodSeconds < 1 ? [`${at(entry)} was deleted without any grace`] : []),
  ];
};

interface Judged {
  readonly isJudged?: (call: KubeJournalEntry) => boolean;
  /** Default: false. */
  readonly mayDeletePods?: boolean;
}

/** Sentences of what was broken. */
export const judgeEvictions = (
  journal: readonly KubeJournalEntry[],
  { isJudged = isOurCall, mayDeletePods = false }: Judged = {},
): readonly string[] => {
  const accepted = new Set<string>();
  const changes = journal.filter((entry) => isMutatingCall(entry) && isJudged(entry));
  return changes.flatMap((entry) => {
    if (entry.resource === "pods") {
      return mayDeletePods && entry.verb === "delete"
        ? judgeDeletion(entry)
        : [`${at(entry)} was written to by ${entry.verb}`];
    }
    if (entry.resource !== "pods/eviction") return [];
    const sentences = judgeOne(entry, accepted);
    const uid = uidIn(entry);
    if (entry.hadEffect && uid !== undefined) accepted.add(uid);
    return sentences;
  });
};
