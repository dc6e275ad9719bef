export type ParticipantEventName =
  | 'participant_events.join'
  | 'participant_events.leave'
  | 'participant_events.update'
  | 'participant_events.speech_on'
  | 'participant_events.speech_off'
  | 'participant_events.webcam_on'
  | 'participant_events.webcam_off'
  | 'participant_events.screenshare_on'
  | 'participant_events.screenshare_off'
  | 'participant_events.chat_message';
