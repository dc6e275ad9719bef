/** What a bot is told while it is in its call, where that needs a body. */
import { z } from 'zod';

/** `POST /api/v1/bot/{id}/send_chat_message/` */
export const sendChatMessageSchema = z.looseObject({
  message: z.string().min(1).max(4_096),
  to: z.string().optional(),
  pin: z.boolean().optional(),
});

export type SendChatMessage = z.infer<typeof sendChatMessageSchema>;

/** `POST /api/v1/bot/{id}/output_audio/`, and what a bot says by itself. Answers never have `b64_data`. */
export const outputAudioSchema = z.looseObject({
  kind: z.enum(['mp3']),
  b64_data: z.string().min(1).max(1_835_008),
});
export type OutputAudio = z.infer<typeof outputAudioSchema>;
