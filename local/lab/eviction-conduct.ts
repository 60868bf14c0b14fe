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

/** Sentences of what was broken. */
export const judgeEvictions = (
  journal: readonly KubeJournalEntry[],
  isJudged: (call: KubeJournalEntry) => boolean = isOurCall,
): readonly string[] => {
  const accepted = new Set<string>();
  return journal.flatMap((entry) => {
    if (!isMutatingCall(entry) || !isJudged(entry)) return [];
    if (entry.resource === "pods") return [`${at(entry)} was written to by ${entry.verb}`];
    if (entry.resource !== "pods/eviction") return [];
    const { gracePeriodSeconds, preconditions } = (entry.body as EvictionBody).deleteOptions ?? {};
    const { uid } = preconditions ?? {};
    const sentences = [
      ...(uid === undefined ? [`${at(entry)} was evicted without its uid`] : []),
      ...(gracePeriodSeconds === undefined ? [] : [`${at(entry)} was evicted with another grace`]),
      ...(uid !== undefined && accepted.has(uid)
        ? [`${at(entry)} was evicted again, although that was accepted`]
        : []),
    ];
    if (entry.hadEffect && uid !== undefined) accepted.add(uid);
    return sentences;
  });
};
