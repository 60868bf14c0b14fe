/** A message as a program reads it: the detail of our events, and the body of a webhook. Its version is raised where a member goes or changes its meaning. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { noticeKinds, type Message } from "../model/notice.ts";
import { membersOf } from "./members.ts";

export const noticeEventSource = "spot-optimizer";
export const noticeEventType = "Spot Optimizer Notice";

export const noticeEventSchema = atFirstUse(() =>
  z
    .strictObject({
      version: z.literal("1").meta({ description: "Of this schema." }),
      notice_id: z.string().meta({
        description:
          "The same for the same cause: account, kind, error and resource. It may arrive more than once.",
      }),
      kind: z.enum(noticeKinds).meta({ description: "Others may be added: pass over them." }),
      account_id: z.string().regex(/^\d{12}$/),
      region: z.string().exactOptional(),
      target_id: z.string().exactOptional(),
      evaluation_id: z.string().exactOptional(),
      error: z.string().meta({ description: "A stable code: the reason, or an error's name." }),
      resource: z.string().meta({ description: "What it is about, by its id." }),
      state: z
        .string()
        .exactOptional()
        .meta({ description: "Another one than before is a change." }),
      members: z.array(z.string()).exactOptional().meta({
        description:
          "All that shared the cause within a day, the last first, 100 at the most: instances of a pool, targets of a region.",
      }),
      member_count: z
        .int()
        .exactOptional()
        .meta({ description: "How many there were, 500 at the most." }),
      sentence: z.string(),
      figures: z
        .record(z.string(), z.number())
        .meta({ description: "By names that end in their unit." }),
      times: z.int().min(1).meta({ description: "How often it was told since `first_at`." }),
      first_at: z.iso.datetime(),
      last_at: z.iso.datetime(),
      link: z.url().meta({ description: "Of the control API: more of it." }),
      next_step: z.string(),
    })
    .meta({
      title: "Spot Optimizer Notice",
      description:
        "Detail of the events on our notice bus, and the body that a webhook is sent. Members are added without a new version.",
    }),
);
export type NoticeEvent = Readonly<z.infer<ReturnType<typeof noticeEventSchema>>>;

/** An event of EventBridge may have 256 KB. */
const mostNamed = 100;

export const noticeEvent = (message: Message, apiUrl: string): NoticeEvent => {
  const { noticeId, latest, times, firstAt, lastAt } = message;
  const { kind, accountId, region, targetId, evaluationId, state, path } = latest;
  const members = membersOf(message);
  return {
    version: "1",
    notice_id: noticeId,
    kind,
    account_id: accountId,
    ...(region !== undefined && { region }),
    ...(targetId !== undefined && { target_id: targetId }),
    ...(evaluationId !== undefined && { evaluation_id: evaluationId }),
    error: latest.error,
    resource: latest.resource,
    ...(state !== undefined && { state }),
    ...(members.length > 0 && {
      members: members.slice(0, mostNamed),
      member_count: members.length,
    }),
    sentence: latest.sentence,
    figures: latest.figures,
    times,
    first_at: firstAt,
    last_at: lastAt,
    link: `${apiUrl}${path}`,
    next_step: latest.nextStep,
  };
};
