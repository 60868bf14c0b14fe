/** How our evictions are made: each by the pod's uid and with the pod's own grace, none again once it was accepted, and no pod deleted otherwise. */
import { isMutatingCall, type KubeJournalEntry } from "../cloud/kubernetes/journal.ts";
import { isOurCall } from "./cluster-mirror.ts";

interface EvictionBody {
  readonly deleteOptions?: {
    readonly gracePeriodSeconds?: number;
    readonly preconditions?: { readonly uid?: string };
  };
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

/** Sentences of what was broken. */
export const judgeEvictions = (
  journal: readonly KubeJournalEntry[],
  isJudged: (call: KubeJournalEntry) => boolean = isOurCall,
): readonly string[] => {
  const accepted = new Set<string>();
  const changes = journal.filter((entry) => isMutatingCall(entry) && isJudged(entry));
  return changes.flatMap((entry) => {
    if (entry.resource === "pods") return [`${at(entry)} was written to by ${entry.verb}`];
    if (entry.resource !== "pods/eviction") return [];
    const sentences = judgeOne(entry, accepted);
    const uid = uidIn(entry);
    if (entry.hadEffect && uid !== undefined) accepted.add(uid);
    return sentences;
  });
};
