"""Names of recorded files: read into their parts, and predicted where the service lists none.

>>> file = parse_file_name("lessons/42/bak0_38f8e3cf_lesson-42__uid_s_101__uid_e_audio_20260101000003250.ts")
>>> file.prefix, file.sid, file.cname, file.uid, str(file.type), file.backup
(('lessons', '42'), '38f8e3cf', 'lesson-42', '101', 'audio', 0)
>>> str(file.time)
'2026-01-01 00:00:03.250000+00:00'

Pure functions: nothing here asks the service, or a bucket.
"""

from ._name import FileName
from ._parse import parse_file_name
from ._predict import key_prefixes, object_key, predict_files, types_recorded

__all__ = ["FileName", "key_prefixes", "object_key", "parse_file_name", "predict_files", "types_recorded"]

# Pickles name it by its public address, whichever module it is written in.
FileName.__module__ = __name__
