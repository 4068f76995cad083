import { decodeSafetensors, type JsonObject, type SafetensorsFile, type Space } from '@maxent/core';
import { squashedBounds } from '../heads/bounds.js';
import { categorical } from '../heads/categorical.js';
import { flow } from '../heads/flow.js';
import type { Head, HeadSite } from '../heads/head.js';
import { implicit } from '../heads/implicit.js';
import { squashedGaussian } from '../heads/squashed-gaussian.js';
import { Workspace } from '../network/workspace.js';
import { type AnyAction, type AnyObservation, FilePolicy, type TrainedPolicy } from '../policy.js';
import { taskOf } from '../task/infer.js';
import { checksumOf } from './checksum.js';
import { FORMAT_VERSION } from './encode-policy.js';
import { anyFieldsOf, type Fields, fieldsOf, refuse, textOf } from './fields.js';
import { spaceFromJson } from './spaces.js';
import { Tensors } from './tensors.js';

const HEADS: Readonly<Record<string, (site: HeadSite) => Head>> = {
  'squashed-gaussian': squashedGaussian,
  categorical,
  implicit,
  flow,
};

/**
 * The policy that a file holds. Everything that the file says is checked before memory is taken for it, so that a file
 * may come from anybody.
 *
 * Throws DamagedDataError, which names the field at fault, for bytes that are no policy file, are damaged, or are of a
 * format or hold a layer that this version does not know.
 */
export function readPolicy<Observation = AnyObservation, Action = AnyAction>(
  bytes: Uint8Array,
): TrainedPolicy<Observation, Action> {
  const { tensors, json } = parse(decodeSafetensors(bytes));
  const observations = spaceFromJson('observationSpace', json.observationSpace);
  const actions = spaceFromJson('actionSpace', json.actionSpace);
  const [observationSpace, actionSpace] = [observations.make(), actions.make()];
  const builder = { tensors: new Tensors(tensors), workspace: new Workspace() };
  const task =
    json.task === undefined
      ? undefined
      : taskOf({
          builder,
          json: json.task,
          observationSpace,
          actionSpace,
          bounds: () => squashedBounds(actionSpace),
        });
  const head = headOf({
    builder,
    head: anyFieldsOf('head', json.head),
    layers: json.layers,
    stateSize: observationSpace.flatSize + (task?.size ?? 0),
    observationSpace,
    actionSpace,
  });
  builder.tensors.requireAllRead();
  builder.workspace.allocate();
  return new FilePolicy({
    agent: textOf('agent', json.agent),
    observationSpace: observationSpace as Space<Observation>,
    actionSpace: actionSpace as Space<Action>,
    provenance: (json.provenance === undefined
      ? {}
      : anyFieldsOf('provenance', json.provenance)) as JsonObject,
    head,
    task,
    bytes,
  });
}

function parse({ tensors, metadata }: SafetensorsFile): {
  readonly tensors: SafetensorsFile['tensors'];
  readonly json: Fields;
} {
  const text = textOf('__metadata__.policy', metadata.policy);
  if (textOf('__metadata__.crc32', metadata.crc32) !== checksumOf(text, tensors)) {
    refuse(
      '__metadata__.crc32',
      'is not the checksum of what the file holds; the file is damaged: copy or export it again',
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    refuse('__metadata__.policy', 'is not JSON');
  }
  // First, because another version may have other fields.
  const { version } = anyFieldsOf('policy', json);
  if (version !== FORMAT_VERSION) {
    refuse(
      'version',
      `this version of @maxent/policy reads format ${FORMAT_VERSION}, got ${String(version).slice(0, 20)}; use the version that wrote it, or export again`,
    );
  }
  const keys = 'version agent observationSpace actionSpace layers head task? provenance?';
  return { tensors, json: fieldsOf('policy', json, keys) };
}

function headOf(site: HeadSite): Head {
  const type = textOf('head.type', site.head.type);
  if (!Object.hasOwn(HEADS, type)) {
    refuse('head', `unknown head "${type.slice(0, 60)}"; it needs a newer @maxent/policy`);
  }
  return HEADS[type]!(site);
}
