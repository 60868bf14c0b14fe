/** What scenarios break in the simulated EC2: checks, boots, images, root replacements; each call returns its end. */
import type { Ec2Context, ImageMatcher, InstanceMatcher, PlaceRefuser } from "./context.ts";
import { resumeImages } from "./images.ts";

/** Undoes what the call did. */
export type Release = () => void;

export interface DefectControl {
  failChecks(matches: InstanceMatcher, check?: "system" | "instance" | "attachedEbs"): Release;
  /** The launch is accepted, and ends as terminated with that reason. Default Client.InternalError. */
  failBoots(matches: InstanceMatcher, code?: string): Release;
  /** Images stay pending until released. */
  stallImages(matches: ImageMatcher): Release;
  failImages(matches: ImageMatcher): Release;
  /** Tasks that replace the root of such an instance are accepted, and fail. `failed-detached`: it has no root afterwards. */
  failRootTasks(matches: InstanceMatcher, end?: "failed" | "failed-detached"): Release;
  /** CreateFleet answers that code for such a place, among its errors. */
  refusePlaces(refuser: PlaceRefuser): Release;
}

/** Adds to a set of defects; the release takes it out again. */
export const put = <T>(defects: Set<T>, defect: T): Release => {
  defects.add(defect);
  return () => {
    defects.delete(defect);
  };
};

export const defectControls = (context: Ec2Context): DefectControl => ({
  failChecks: (matches, check = "instance") => {
    const release = put(context.defects.failedChecks, { matches, check });
    const tell = (): void => {
      for (const listener of context.checksChanged) listener();
    };
    tell();
    return () => {
      release();
      tell();
    };
  },
  failBoots: (matches, code = "Client.InternalError") =>
    put(context.defects.failedBoots, { matches, code }),
  failImages: (matches) => put(context.defects.failedImages, matches),
  failRootTasks: (matches, end = "failed") =>
    put(context.defects.failedRootTasks, { matches, end }),
  refusePlaces: (refuser) => put(context.defects.refusedPlaces, refuser),
  stallImages: (matches) => {
    const release = put(context.defects.stalledImages, matches);
    return () => {
      release();
      resumeImages(context);
    };
  },
});
