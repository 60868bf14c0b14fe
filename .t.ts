import { createLab } from "/work/wt/serial/local/lab/lab.ts";
import { complaintsAbout } from "/work/wt/serial/local/lab/judge.ts";
import { rich } from "/work/wt/serial/local/lab/scenarios.ts";
const lab = await createLab(rich["move-root-volume"]);
const story = await lab.run();
console.log(story.status, story.evaluation.failure, story.evaluation.outcome, story.evaluation.downtimeSeconds, story.evaluation.progress);
console.log(story.mutations.map((m)=>m.operation).join(" "));
console.log(await complaintsAbout(lab, story), story.original?.volumes, story.replacements[0]?.volumes, lab.watch.rootVolumeId, lab.watch.acknowledged);
for (const p of story.evaluation.phases) console.log(p.name, p.startedAt, p.endedAt, p.summary);
