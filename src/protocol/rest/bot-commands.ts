/** What a bot is told while it is in its call, where that needs a body. */
import { z } from 'zod';

/** `POST /api/v1/bot/{id}/send_chat_message/` */
export const sendChatMessageSchema = z.looseObject({
  message: z.string().min(1).max(4_096),
  to: z.string().optional(),
  pin: z.boolean().optional(),
});

export type SendChatMessage = z.infer<typeof sendChatMessageSchema>;

/** Base64 of a file; answers never have it. */
const fileData = z.string().min(1).max(1_835_008);

/** `POST /api/v1/bot/{id}/output_audio/`, and what a bot says by itself. */
export const outputAudioSchema = z.looseObject({ kind: z.enum(['mp3']), b64_data: fileData });
/** What a bot shows by itself. */
export const outputVideoSchema = z.looseObject({ kind: z.enum(['jpeg']), b64_data: fileData });
export type OutputAudio = z.infer<typeof outputAudioSchema>;
