/**
 * Asks AWS what it tells of one candidate for a deletion alone: at most four calls each; metrics, and older versions of
 * templates, for all of a kind at once.
 */
import { readOwningStack } from "../../adapters/aws/cloudformation.ts";
import { readImageUsage, startUsageReport } from "../../adapters/aws/ec2/image-usage-report.ts";
import { imageSharers, readSnapshotUse } from "../../adapters/aws/ec2/image-use.ts";
import { readImageReferences } from "../../adapters/aws/ec2/own-images.ts";
import { readOlderTemplateSources } from "../../adapters/aws/ec2/template-sources.ts";
import { readMetrics } from "../../adapters/aws/metrics.ts";
import type { WasteFinding } from "../../core/model/waste/finding.ts";
import type { ImageUsage, LaunchSource } from "../../core/model/waste/image.ts";
import type { MetricQuestion, MetricReading } from "../../core/model/waste/metric.ts";
import { daysOf, type WasteSettings } from "../../core/model/waste/settings.ts";
import { judgeImageUse } from "../../core/waste/images.ts";
import type { LookUp } from "../../core/waste/judgement.ts";
import { judgeSnapshotUse } from "../../core/waste/snapshots.ts";
import { attachmentQuestion, judgeAttachments } from "../../core/waste/volumes.ts";
import type { WasteClients } from "./lists.ts";

export interface LookedAt {
  /** EC2 may be asked to report which accounts use a shared image: it changes nothing of the image, and forgets the report after 30 days. */
  readonly asksForReports: boolean;
  readonly clients: WasteClients;
  /** Versions of launch templates that no bulk reading tells; undefined: there are too many. */
  readonly olderTemplates: () => Promise<readonly LaunchSource[] | undefined>;
  readonly settings: WasteSettings;
  readonly now: Date;
}

/** Asked once for all candidates, and not before there is one. */
export const askedOnce = ({ ec2 }: Pick<WasteClients, "ec2">): LookedAt["olderTemplates"] => {
  let asked: ReturnType<LookedAt["olderTemplates"]> | undefined;
  return () => (asked ??= readOlderTemplateSources(ec2));
};

export type Metrics = ReadonlyMap<string, MetricReading>;

const dayMs = 86_400_000;

export const questionsOf = ({ kind, resourceId }: WasteFinding): readonly MetricQuestion[] =>
  kind === "UNATTACHED_VOLUME" ? [attachmentQuestion(resourceId)] : [];

/** For all candidates at once: CloudWatch is paid by the metric, and takes five hundred in a call. Each kind has its own days. */
export const readMetricsOf = async (
  { clients, settings, now }: LookedAt,
  findings: readonly WasteFinding[],
  questionsFor: (finding: WasteFinding) => readonly MetricQuestion[],
): Promise<Metrics> => {
  const all = new Map<string, MetricReading>();
  for (const [kind, some] of Map.groupBy(findings, (finding) => finding.kind)) {
    const questions = some.flatMap(questionsFor);
    if (questions.length === 0) continue;
    const since = new Date(now.getTime() - daysOf(settings, kind) * dayMs);
    const read = await readMetrics(clients.cloudWatch, questions, { since, until: now });
    for (const [key, reading] of read) all.set(key, reading);
  }
  return all;
};

const stackOf = async ({ clients }: LookedAt, resourceId: string): Promise<LookUp> => {
  const stack = await readOwningStack(clients.cloudFormation, resourceId);
  if (stack === undefined) return { kind: "CLEAR" };
  const sentence = `CloudFormation stack ${stack.name} has made it, and would miss it.`;
  return { kind: "KEPT", reasons: [{ code: "STACK", sentence }] };
};

/** In this order: what was asked already first. */
const lookUpVolume = (look: LookedAt, volumeId: string, metrics: Metrics): Promise<LookUp> => {
  const attached = judgeAttachments(metrics.get(volumeId));
  return attached.kind === "CLEAR" ? stackOf(look, volumeId) : Promise.resolve(attached);
};

const dayOf = (now: Date): string => now.toISOString().slice(0, 10);

/** Asked of a shared image alone. Undefined: nobody has reported it yet. */
const usageOf = async (
  { clients: { ec2 }, asksForReports, now }: LookedAt,
  imageId: string,
): Promise<ImageUsage | undefined> => {
  const usage = await readImageUsage(ec2, imageId);
  if (!asksForReports || (usage !== undefined && usage.kind !== "FAILED")) return usage;
  const clientToken = `${imageId}-${dayOf(now)}`;
  const { reportId } = await startUsageReport(ec2, { imageId, clientToken });
  return { kind: "PENDING", reportId };
};

const lookUpImage = async (look: LookedAt, imageId: string): Promise<LookUp> => {
  const { ec2 } = look.clients;
  const sharedWith = await imageSharers(ec2, imageId);
  return judgeImageUse({
    references: await readImageReferences(ec2, [imageId]),
    sharedWith,
    usage: sharedWith.length === 0 ? undefined : await usageOf(look, imageId),
  });
};

/** CLEAR of a kind of which AWS tells nothing more. @throws what a reading throws */
export const lookUp = async (
  look: LookedAt,
  { kind, resourceId }: WasteFinding,
  metrics: Metrics,
): Promise<LookUp> => {
  const { ec2 } = look.clients;
  switch (kind) {
    case "UNATTACHED_VOLUME":
      return lookUpVolume(look, resourceId, metrics);
    case "UNASSOCIATED_ADDRESS":
      return stackOf(look, resourceId);
    case "OLD_SNAPSHOT":
      return judgeSnapshotUse(resourceId, {
        sharedWith: (await readSnapshotUse(ec2, [resourceId])).sharedWith,
        olderTemplates: await look.olderTemplates(),
      });
    case "UNUSED_IMAGE":
      return lookUpImage(look, resourceId);
    default:
      return { kind: "CLEAR" };
  }
};
