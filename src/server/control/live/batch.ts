/** What the live feed tells, as plain data: the page of the room knows the server by these. Each part is there when it is news. */
import type { ConnectionFacts } from '../../../emulator/connection-facts.ts';
import type { Diagnosis } from '../../../emulator/diagnosis.ts';
import type { Activity } from '../../store/activity.ts';

/** What one server is, told first. */
export interface Hello {
  /** Differs from process to process. */
  readonly server: string;
  readonly version: string;
  /** On the emulator's clock. */
  readonly now: string;
  readonly speed: number | 'max';
  readonly frame_ms: readonly number[];
  readonly connections: string;
  /** Whether requests need a key of its own. */
  readonly keyed: boolean;
  readonly scenarios: readonly string[];
  readonly courses: readonly string[];
  readonly faults: readonly { readonly name: string; readonly example: string; readonly summary: string }[];
}

export interface BotNews {
  readonly bot_id: string;
  readonly name: string;
  readonly platform: string;
  readonly meeting_url: string;
  readonly created_at: string;
  readonly scenario: string;
  readonly connections: string;
  readonly statuses: readonly {
    readonly code: string;
    readonly sub_code: string | null;
    readonly at: string;
  }[];
  readonly recording: boolean;
  readonly paused: boolean;
  readonly elapsed_s: number;
  readonly duration_s: number | null;
  readonly scheduled: number;
  readonly sent: number;
  readonly dropped: number;
}

export interface RequestNews {
  readonly number: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly operation: string | null;
  readonly status: number;
  readonly duration_ms: number;
  readonly bot_id: string | null;
  /** Why it was refused. */
  readonly reason: string;
}

export interface DeliveryNews {
  readonly id: string;
  readonly event: string;
  readonly url: string;
  readonly bot_id: string;
  readonly at: string;
  readonly state: string;
  readonly attempts: readonly {
    readonly at: string;
    readonly status: number | null;
    readonly error: string | null;
  }[];
}

export interface ParticipantNews {
  readonly id: number;
  readonly name: string | null;
  readonly is_host: boolean;
  readonly present: boolean;
  readonly unmuted: boolean;
  readonly speaking: boolean;
  readonly connection: string;
  /** The bot itself. */
  readonly is_bot: boolean;
}

export interface ConnectionNews extends ConnectionFacts {
  /** Ids of those whose audio it carried. */
  readonly participants: readonly number[];
  readonly refusals: readonly { readonly at_s: number; readonly text: string }[];
}

export interface LossNews {
  /** The same loss, which may grow. */
  readonly key: string;
  readonly participant: number;
  readonly from_s: number;
  readonly to_s: number;
}

export interface MessageNews {
  readonly number: number;
  readonly at_s: number;
  readonly connection: number;
  /** Id. */
  readonly participant: number | null;
  readonly event: string;
  readonly relative_s: number | null;
  readonly bytes: number;
  readonly injected: boolean;
}

export interface MeetingNews {
  readonly bot_id: string;
  /** 0, 1, 2…: of another one than before, all is told anew. */
  readonly recording: number;
  readonly started_at?: string;
  readonly now_s: number;
  readonly participants?: readonly ParticipantNews[];
  /** Level (0 to 1), frames sent and dropped of each participant, in their order. */
  readonly levels?: readonly (readonly [number, number, number])[];
  /** Those that are new or have changed. */
  readonly connections?: readonly ConnectionNews[];
  readonly losses?: readonly LossNews[];
  /** Index of the participant, index of the first peak, and peaks of 20 ms, 0 to 100. */
  readonly peaks?: readonly (readonly [number, number, readonly number[]])[];
  /** Index of the participant, index of the stretch, from and to in seconds. */
  readonly stretches?: readonly (readonly [number, number, number, number])[];
  /** Index of the speech, id of the participant, from and to in seconds; to is null while it lasts. */
  readonly speech?: readonly (readonly [number, number, number, number | null])[];
  readonly events?: readonly { readonly at_s: number; readonly participant: number; readonly text: string }[];
  readonly faults?: readonly string[];
  readonly diagnoses?: readonly Diagnosis[];
  readonly messages?: readonly MessageNews[];
  /** Messages that came and are not told, by the sampling or because there were too many. */
  readonly messages_left_out?: number;
  readonly over?: boolean;
}

export interface LiveBatch {
  readonly hello?: Hello;
  readonly bots?: readonly BotNews[];
  readonly forgotten_bots?: readonly string[];
  readonly activity?: readonly Activity[];
  readonly requests?: readonly RequestNews[];
  readonly deliveries?: readonly DeliveryNews[];
  readonly meeting?: MeetingNews;
}
